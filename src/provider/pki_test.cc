#include "provider/pki.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <string>

#include "base/test_folder.h"
#include "provider/certificate.h"
#include "provider/command_lines.h"
#include "provider/files.h"
#include "provider/test_state.h"

namespace sallyport::provider {
namespace {

using namespace std::chrono_literals;

const base::Time kNow(std::chrono::sys_days(std::chrono::year{2026} / 11 / 25));

class Pki : public testing::Test {
 protected:
  Pki() { EXPECT_TRUE(make_folder(layout_.pki())); }

  std::map<std::string, std::string> files() const {
    std::map<std::string, std::string> all;
    for (const auto& entry : std::filesystem::directory_iterator(layout_.pki()))
      all[entry.path().filename()] = *read_file(entry.path());
    all["admin.kubeconfig"] = *read_file(layout_.admin_kubeconfig());
    return all;
  }
  // The names of the files that differ.
  static std::vector<std::string> changes(const std::map<std::string, std::string>& from,
                                          const std::map<std::string, std::string>& to) {
    std::vector<std::string> names;
    for (const auto& [name, text] : to)
      if (!from.contains(name) || from.at(name) != text) names.push_back(name);
    return names;
  }

  base::TestFolder folder_ = base::TestFolder::in_memory();
  Layout layout_{folder_.path()};
  ClusterState state_ = sample_state();
};

TEST_F(Pki, MakesAllThatTheCommandLinesName) {
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow));
  auto words = api_server_command(state_, layout_);
  const auto more = etcd_command(state_, layout_);
  words.insert(words.end(), more.begin(), more.end());
  int named = 0;
  for (const std::string& word : words) {
    const std::size_t path = word.find(layout_.pki() + "/");
    if (path == std::string::npos) continue;
    ++named;
    EXPECT_TRUE(exists(word.substr(path))) << word;
  }
  EXPECT_GE(named, 15);
}

TEST_F(Pki, IsThisUsersAlone) {
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow));
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder_.path())) {
    struct stat found {};
    ASSERT_EQ(::stat(entry.path().c_str(), &found), 0);
    EXPECT_EQ(found.st_mode & 077U, 0U) << entry.path();
  }
}

TEST_F(Pki, ChangesNothingThatIsCurrent) {
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow));
  const auto before = files();
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow + 24h));
  EXPECT_EQ(files(), before);
}

TEST_F(Pki, AnotherNameChangesTheServingCertificateAlone) {
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow));
  const auto before = files();
  state_.sans.emplace_back("more.example.com");
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow));
  EXPECT_EQ(changes(before, files()), std::vector<std::string>{"apiserver.crt"});
}

TEST_F(Pki, RenewsCertificatesAndKeepsKeysAndAuthorities) {
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow));
  const auto before = files();
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow + 24h * 250));
  EXPECT_EQ(changes(before, files()),
            (std::vector<std::string>{"admin.crt", "admin.kubeconfig", "apiserver-etcd-client.crt",
                                      "apiserver-kubelet-client.crt", "apiserver.crt", "etcd.crt",
                                      "front-proxy-client.crt"}));
}

TEST_F(Pki, CompletesWhatWasInterruptedAnywhere) {
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow));
  const auto whole = files();
  const auto path_of = [&](const std::string& name) {
    return (name == "admin.kubeconfig" ? folder_.path() : layout_.pki()) + "/" + name;
  };
  // An authority's key is on disk before its certificate; the other order is an authority lost, see below.
  int removed = 0;
  for (const auto& [name, text] : whole) {
    if (name.ends_with("ca.key") || ++removed % 2 != 0) continue;
    ASSERT_TRUE(remove_file(path_of(name)));
  }
  EXPECT_TRUE(ensure_pki(state_, layout_, kNow));
  for (const auto& [name, text] : whole)
    EXPECT_TRUE(exists(path_of(name))) << name;
  for (const char* authority : {"ca", "etcd-ca", "front-proxy-ca"})
    ASSERT_TRUE(remove_file(layout_.certificate(authority)));
  EXPECT_TRUE(ensure_pki(state_, layout_, kNow));
  EXPECT_EQ(read_file(layout_.key("ca")), whole.at("ca.key"));
}

TEST_F(Pki, DoesNotReplaceAnAuthorityWhoseKeyIsLostOrAnothers) {
  ASSERT_TRUE(ensure_pki(state_, layout_, kNow));
  const std::string key = *read_file(layout_.key("ca"));
  ASSERT_TRUE(remove_file(layout_.key("ca")));
  const auto lost = ensure_pki(state_, layout_, kNow);
  ASSERT_FALSE(lost);
  EXPECT_NE(lost.error().message.find(layout_.key("ca")), std::string::npos);
  ASSERT_TRUE(write_file(layout_.key("ca"), *make_key()));
  const auto another = ensure_pki(state_, layout_, kNow);
  ASSERT_FALSE(another);
  EXPECT_EQ(another.error().kind, base::ErrorKind::kCorrupt);
  ASSERT_TRUE(write_file(layout_.key("ca"), key));
  EXPECT_TRUE(ensure_pki(state_, layout_, kNow));
}

}  // namespace
}  // namespace sallyport::provider
