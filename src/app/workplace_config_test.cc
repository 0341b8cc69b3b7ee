#include "app/workplace_config.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "app/secret_file.h"
#include "app/test_config.h"
#include "app/workplace_metrics.h"
#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string kSecret = "0123456789abcdef0123456789abcdef";

auto parse(const std::string& text) {
  static const ReadFile files = reader_of(
      {{"/etc/sallyport/workplace.crt", test_pem().certificate}, {"/etc/sallyport/workplace.key", test_pem().key}});
  static const ReadFile secrets = reader_of({{"/conf/secret", kSecret}, {"/etc/sallyport/workplace.secret", kSecret}});
  return parse_workplace_config(text, "/conf/workplace.toml", files, secrets);
}

std::vector<std::string> errors_of(const std::string& text) { return errors_in(parse(text)); }

const std::string kLeast =
    "[workplace]\nlisten = [\"127.0.0.1:3130\"]\nsecret_file = \"secret\"\napi = \"http://127.0.0.1:8787/\"\n";

TEST(WorkplaceConfig, MinimalFileHasTheDefaults) {
  const auto file = parse(kLeast);
  ASSERT_TRUE(file) << describe(file.error().front(), "");
  const auto& config = file->workplace;
  EXPECT_EQ(config.secret, kSecret);
  EXPECT_EQ(config.api, "http://127.0.0.1:8787");
  EXPECT_EQ(config.shell, "/bin/bash");
  EXPECT_EQ(config.idle_time, base::Seconds(900));
  ASSERT_TRUE(config.uids);
  EXPECT_EQ(config.uids->size(), 4'096U);
}

TEST(WorkplaceConfig, ThePackagedFileHasTheDefaults) {
  const auto path = std::filesystem::path(__FILE__).parent_path() / "../../packaging/sallyport-workplace.toml";
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  const auto file = parse(text.str());
  ASSERT_TRUE(file) << describe(file.error().front(), "");
  const workplace::WorkplaceConfig defaults;
  EXPECT_EQ(file->workplace.max_sessions, defaults.max_sessions);
  EXPECT_EQ(file->workplace.sessions_a_principal, defaults.sessions_a_principal);
  EXPECT_EQ(file->workplace.idle_time, defaults.idle_time);
  EXPECT_EQ(file->workplace.longest_time, defaults.longest_time);
  EXPECT_EQ(file->workplace.memory_bytes, defaults.memory_bytes);
  EXPECT_EQ(file->workplace.processes, defaults.processes);
  EXPECT_EQ(file->workplace.home_bytes, defaults.home_bytes);
  EXPECT_EQ(file->workplace.uids->first, defaults.uids->first);
  EXPECT_EQ(file->workplace.uids->last, defaults.uids->last);
}

TEST(WorkplaceConfig, EveryMistakeIsNamed) {
  EXPECT_THAT(errors_of("[metrics]\n"), ElementsAre(HasSubstr("[workplace]: is missing")));
  EXPECT_THAT(
      errors_of("[workplace]\nlisten = [\"10.0.0.1:3130\"]\nsecret_file = \"other\"\napi = \"http://10.0.0.2\"\n"
                "uids = [70000]\nshell = \"bash\"\nprocesses = 1\nidle = 3\n"),
      ElementsAre(HasSubstr("2 [workplace] listen: is not a loopback"),
                  HasSubstr("3 [workplace] secret_file: cannot be read"), HasSubstr("4 [workplace] api: is plain HTTP"),
                  HasSubstr("5 [workplace] uids: must be"), HasSubstr("6 [workplace] shell: must be a path"),
                  HasSubstr("7 [workplace] processes: must be a whole number"),
                  HasSubstr("8 [workplace] idle: is not a key")));
  EXPECT_THAT(errors_of(kLeast + "uids = [70001, 70000]\n"), ElementsAre(HasSubstr("first and the last")));
  EXPECT_THAT(errors_of(kLeast + "uids = [0, 70000]\n"), ElementsAre(HasSubstr("whole numbers from 1000")));
  EXPECT_THAT(errors_of(kLeast), IsEmpty());
}

TEST(SecretFile, MustBePrivateLongAndPlain) {
  const base::TestFolder folder;
  const auto secret = [&](const std::string& text, std::filesystem::perms mode) {
    const std::string path = folder.write("secret", text);
    std::filesystem::permissions(path, mode);
    return read_secret_file(path, 32);
  };
  using std::filesystem::perms;
  const perms own = perms::owner_read | perms::owner_write;
  EXPECT_EQ(secret(kSecret + "\n", own), kSecret);
  EXPECT_THAT(secret(kSecret, own | perms::group_read).error().message, HasSubstr("chmod 600"));
  EXPECT_THAT(secret("short\n", own).error().message, HasSubstr("32 bytes"));
  EXPECT_THAT(secret(kSecret + "\n" + kSecret, own).error().message, HasSubstr("one line"));
  EXPECT_FALSE(read_secret_file(folder.path() + "/none", 32));
}

TEST(WorkplaceMetrics, SayEverything) {
  workplace::WorkplaceStats stats;
  stats.sessions_running = 3;
  stats.ended = {{"idle", 2}};
  stats.refused = {{"ticket", 5}};
  stats.cgroups = true;
  const std::string text = workplace_metrics_text(stats, base::Time{});
  for (const char* line : {"sallyport_workplace_sessions{state=\"running\"} 3",
                           "sallyport_workplace_sessions_ended_total{reason=\"idle\"} 2",
                           "sallyport_workplace_refused_total{reason=\"ticket\"} 5", "sallyport_workplace_cgroups 1"})
    EXPECT_THAT(text, HasSubstr(line));
}

}  // namespace
}  // namespace sallyport::app
