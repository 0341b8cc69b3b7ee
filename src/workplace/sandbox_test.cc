#include "workplace/sandbox.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "wire/json_parse.h"
#include "workplace/test_sessions.h"

namespace sallyport::workplace {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;

Session session() { return {"ws-1", test_request("ann", "ann"), base::Time{}, std::nullopt}; }

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words)
    all += word + " ";
  return all;
}

WorkplaceConfig config() {
  WorkplaceConfig made;
  made.api = "https://api.example.com:8787";
  made.api_ca = "PEM";
  made.secret = "the secret of API and host";
  return made;
}

TEST(Sandbox, NoSecretIsInTheCommandLineOrTheEnvironment) {
  const SandboxPlan plan = sandbox_plan(config(), session_files(session()), {"/bin/bash", "-l"});
  const std::string seen = joined(plan.arguments) + joined(sandbox_environment(config(), "us-east-1"));
  for (const char* secret : {"very/secret", "token+/=", "ASIA1", "the secret of API and host"})
    EXPECT_THAT(seen, Not(HasSubstr(secret)));
  for (const SandboxFile& file : plan.files)
    EXPECT_THAT(file.content, Not(HasSubstr("the secret of API and host")));
}

TEST(Sandbox, EveryFileIsReadFromItsDescriptorInTurn) {
  const SandboxPlan plan = sandbox_plan(config(), session_files(session()), {"/bin/bash", "-l"});
  const std::string line = joined(plan.arguments);
  int descriptor = kFirstFileDescriptor;
  for (const SandboxFile& file : plan.files) {
    EXPECT_THAT(line, HasSubstr(std::string("--perms ") + (file.secret ? "0600" : "0644") + " --file " +
                                std::to_string(descriptor++) + " " + file.path + " "));
  }
  EXPECT_THAT(line, HasSubstr("--ro-bind-fd 3 /run/sallyport/sallyport "));
  EXPECT_THAT(line, HasSubstr("--json-status-fd " + std::to_string(descriptor) + " "));
}

TEST(Sandbox, WhatKeepsSessionsApartIsAskedFor) {
  WorkplaceConfig small = config();
  small.home_bytes = 4'096;
  small.processes = 17;
  const std::string line = joined(sandbox_plan(small, {}, {"/bin/zsh", "-l"}).arguments);
  for (const char* part : {"--unshare-user ", "--unshare-pid ", "--unshare-ipc ", "--unshare-uts ", "--disable-userns ",
                           "--die-with-parent ", "--cap-drop ALL ", "--remount-ro / ", "--remount-ro /dev ",
                           "--size 4096 --tmpfs /home/user ", "--size 4096 --tmpfs /tmp ",
                           "--size 4096 --tmpfs /dev/shm ", "--nproc=17:17 -- /bin/zsh -l "})
    EXPECT_THAT(line, HasSubstr(part));
  EXPECT_THAT(line, Not(HasSubstr("--bind ")));
  EXPECT_THAT(line, Not(HasSubstr("/etc/shadow")));
}

TEST(Sandbox, TheKubeconfigAsksThisProgramForTokens) {
  const auto files = session_files(session());
  const auto file = std::ranges::find(files, "/home/user/.kube/config", &SandboxFile::path);
  ASSERT_NE(file, files.end());
  EXPECT_TRUE(file->secret);
  ASSERT_TRUE(wire::parse_json(file->content));
  EXPECT_THAT(file->content, HasSubstr(R"("server":"https://ABC.gr1.us-east-1.eks.sallyport.internal:8443")"));
  EXPECT_THAT(file->content, HasSubstr(R"("certificate-authority-data":"Q0E=")"));
  EXPECT_THAT(file->content, HasSubstr(R"("args":["token","--cluster","prod"])"));
  EXPECT_THAT(file->content, HasSubstr(R"("current-context":"prod")"));
}

TEST(Sandbox, TheShellLooksTheEndpointUpAndNothingElse) {
  const auto profile_of = [](const std::string& endpoint) {
    Session made = session();
    made.request.cluster.endpoint = endpoint;
    const auto files = session_files(made);
    return std::ranges::find(files, "/home/user/.bash_profile", &SandboxFile::path)->content;
  };
  EXPECT_THAT(profile_of("https://abc.gr1.us-east-1.eks.sallyport.internal:8443"),
              HasSubstr("getent ahosts abc.gr1.us-east-1.eks.sallyport.internal > /dev/null || "));
  EXPECT_THAT(profile_of("https://abc.example.com"), HasSubstr("getent ahosts abc.example.com > /dev/null || "));
  for (const char* hostile : {"https://a'b", "https://$(x)", "https://a;b:8443", "https://[::1]:8443", "https://"})
    EXPECT_THAT(profile_of(hostile), Not(HasSubstr("getent"))) << hostile;
}

TEST(Sandbox, TheAwsToolsFindEverything) {
  const auto files = session_files(session());
  const auto keys = std::ranges::find(files, "/home/user/.aws/credentials", &SandboxFile::path);
  ASSERT_NE(keys, files.end());
  EXPECT_EQ(
      keys->content,
      "[default]\naws_access_key_id = ASIA1\naws_secret_access_key = very/secret\naws_session_token = token+/=\n");
  EXPECT_TRUE(keys->secret);
  const auto environment = sandbox_environment(config(), "us-east-1");
  EXPECT_THAT(environment, Contains("AWS_ENDPOINT_URL=https://api.example.com:8787"));
  EXPECT_THAT(environment, Contains("AWS_CA_BUNDLE=/etc/sallyport/api-ca.crt"));
  EXPECT_THAT(environment, Contains("AWS_REGION=us-east-1"));
}

}  // namespace
}  // namespace sallyport::workplace
