#include "app/provider_process.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "app/provider_protocol.h"
#include "app/test_pem.h"
#include "base/limits.h"
#include "base/test_folder.h"
#include "wire/json_parse.h"

namespace sallyport::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

model::Cluster cluster() {
  model::Cluster made;
  made.name = model::ClusterName("demo");
  made.endpoint_id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
  made.version = "1.34";
  made.service_ipv4_cidr = "10.100.0.0/16";
  return made;
}

std::string quoted(const std::string& text) { return wire::to_text(wire::Json(text)); }

std::string good_reply() {
  return R"({"servers":["127.0.0.1:21000"],"ca":)" + quoted(make_pem("provider-ca").certificate) + "}";
}

// A provider that is a shell script.
class Script : public testing::Test {
 protected:
  Script() { ::signal(SIGPIPE, SIG_IGN); }
  base::Result<control::ProvidedServers> create(const std::string& script) {
    write(script);
    return process_->create(cluster(), [this](const std::string& line) { lines_.push_back(line); });
  }
  void write(const std::string& script) {
    const std::string path = (folder_.path() + "/provider");
    std::ofstream(path) << "#!/bin/sh\n" << script;
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    process_ = std::make_unique<ProviderProcess>(ProviderProcess::Settings{
        .command = path,
        .arguments = {"--state-dir", "a b"},
        .region = model::Region("us-east-1"),
        .zone = "sallyport.internal",
        .webhooks = [](const model::Cluster&) {
          return control::WebhookEndpoints{"https://127.0.0.1:8790/a", "https://127.0.0.1:8790/b", "CA", "secret"};
        }});
  }
  std::string text_of(const std::string& name) {
    std::ifstream file(folder_.path() + "/" + name);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  base::TestFolder folder_;
  std::vector<std::string> lines_;
  std::unique_ptr<ProviderProcess> process_;
};

TEST_F(Script, IsGivenTheRequestAndItsReplyIsTaken) {
  const auto made =
      create("cat > " + (folder_.path() + "/request") + "\necho \"$2\" > " + (folder_.path() + "/argument") +
             "\necho one >&2; printf 'two\\033[0m' >&2\ncat <<'EOF'\n" + good_reply() + "\nEOF\n");
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_THAT(made->servers, ElementsAre(base::SocketAddress::parse("127.0.0.1:21000").value()));
  EXPECT_THAT(lines_, ElementsAre("one", "two [0m"));
  EXPECT_EQ(text_of("argument"), "a b\n");
  const auto request = wire::parse_json(text_of("request"));
  ASSERT_TRUE(request);
  const std::string text = wire::to_text(*request);
  EXPECT_THAT(text, HasSubstr(R"("action":"create","cluster":"demo","clusterId":"0123456789ABCDEF0123456789ABCDEF")"));
  EXPECT_THAT(text, HasSubstr(R"("endpoint":"0123456789abcdef0123456789abcdef.gr1.us-east-1.eks.sallyport.internal")"));
  EXPECT_THAT(text, HasSubstr(R"("bearerToken":"secret")"));
}

TEST_F(Script, FailureIsToldInItsOwnWords) {
  EXPECT_EQ(create("echo '{\"error\":\"no etcd\"}'; exit 1").error().message, "no etcd");
  EXPECT_THAT(create("echo last words >&2; exit 3").error().message,
              HasSubstr("exited with 3; it last said: last words"));
  EXPECT_THAT(create("kill -KILL $$").error().message, HasSubstr("signal 9"));
}

TEST_F(Script, RepliesThatAreNoneAreRefused) {
  for (const auto& [reply, why] : std::vector<std::pair<std::string, std::string>>{
           {"hello", "is no JSON"},
           {"[]", "not an object"},
           {"{}", "servers is missing"},
           {R"({"servers":[],"ca":"x"})", "lists 0 servers"},
           {R"({"servers":["127.0.0.1"],"ca":"x"})", "no address with a port"},
           {R"({"servers":["127.0.0.1:0"],"ca":"x"})", "no address with a port"},
           {R"({"servers":["127.0.0.1:1"],"ca":"x"})", "ca "},
           {R"({"servers":["127.0.0.1:1"]})", "ca is missing"},
           {R"({"servers":"127.0.0.1:1","ca":"x"})", "servers must be"}}) {
    const auto made = create("cat <<'EOF'\n" + reply + "\nEOF\n");
    ASSERT_FALSE(made) << reply;
    EXPECT_THAT(made.error().message, HasSubstr(why)) << reply;
  }
}

TEST_F(Script, WhatItSaysIsBounded) {
  const auto made = create("head -c 3000000 /dev/zero | tr '\\0' a; head -c 3000000 /dev/zero | tr '\\0' b >&2");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("replied with more than"));
  ASSERT_EQ(lines_.size(), 1U);
  EXPECT_LE(lines_.front().size(), base::limits::kProviderLineBytes);
}

TEST_F(Script, KeysOfTheApiAreNotHandedOn) {
  ::setenv("AWS_SECRET_ACCESS_KEY", "not-for-providers", 1);
  EXPECT_EQ(create("echo \"{\\\"error\\\":\\\"<$AWS_SECRET_ACCESS_KEY>\\\"}\"; exit 1").error().message, "<>");
  ::unsetenv("AWS_SECRET_ACCESS_KEY");
}

TEST_F(Script, AStopEndsItAndWhatItStarted) {
  write("sleep 600 & echo $! > " + (folder_.path() + "/child") + "\necho started >&2\nwait\n");
  std::atomic<bool> started = false;
  std::thread stopper([&] {
    while (!started)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    process_->stop();
  });
  const auto removed = process_->remove(cluster(), [&](const std::string&) { started = true; });
  stopper.join();
  ASSERT_FALSE(removed);
  const pid_t child = std::stoi(text_of("child"));
  // Gone, or waiting for whoever inherited it to notice.
  const auto runs = [&] {
    std::ifstream stat("/proc/" + std::to_string(child) + "/stat");
    std::string line;
    return std::getline(stat, line) && line.find(") Z ") == std::string::npos;
  };
  for (int left = 5'000; runs() && left > 0; --left)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  EXPECT_FALSE(runs());
}

TEST_F(Script, AProgramThatIsMissingIsNamed) {
  write("");
  std::filesystem::remove((folder_.path() + "/provider"));
  const auto removed = process_->remove(cluster(), [](const std::string&) {});
  ASSERT_FALSE(removed);
  EXPECT_THAT(removed.error().message, HasSubstr("[provider] command"));
}

}  // namespace
}  // namespace sallyport::app
