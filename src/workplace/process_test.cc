#include "workplace/process.h"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "base/test_machine.h"
#include "workplace/launch.h"
#include "workplace/process_tree.h"
#include "workplace/test_sessions.h"

namespace sallyport::workplace {
namespace {

// Sandboxes need bubblewrap and user namespaces, which not every machine that builds this has.
class SandboxProcessTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!may_change_uid()) config_.uids.reset();
    config_.api = "https://api.example.com:8787";
    const auto works = try_sandbox(config_);
    if (works) return;
    if (base::test_machine_is_complete()) FAIL() << works.error().message;
    GTEST_SKIP() << works.error().message;
  }

  SandboxProcess start(const std::vector<std::string>& command, const std::vector<std::string>& before = {}) {
    SandboxPlan sandbox = sandbox_plan(config_, {}, command);
    sandbox.arguments.insert(sandbox.arguments.begin() + 1, before.begin(), before.end());
    auto started = SandboxProcess::start({.sandbox = std::move(sandbox),
                                          .environment = sandbox_environment(config_, {}),
                                          .uid = config_.uids ? std::optional(config_.uids->last) : std::nullopt,
                                          .limits = {512, 64, 1 << 20, 1UL << 30, 60},
                                          .cgroup = -1,
                                          .size = {}});
    EXPECT_TRUE(started) << started.error().message;
    return *std::move(started);
  }

  static bool readable(int descriptor, std::chrono::milliseconds time) {
    pollfd waiting{descriptor, POLLIN, 0};
    return ::poll(&waiting, 1, static_cast<int>(time.count())) == 1;
  }

  static constexpr std::chrono::seconds kPatience{60};
  WorkplaceConfig config_;
};

TEST_F(SandboxProcessTest, TellsAShellThatEndedFromASandboxThatWasNotMade) {
  SandboxProcess ended = start({"/bin/sh", "-c", "exit 1"});
  ASSERT_TRUE(readable(ended.ended(), kPatience));
  EXPECT_EQ(ended.reap(), 1);
  EXPECT_TRUE(ended.ran());

  SandboxProcess never = start({"/bin/true"}, {"--ro-bind", "/nonexistent", "/x"});
  ASSERT_TRUE(readable(never.ended(), kPatience));
  EXPECT_EQ(never.reap(), 1);
  EXPECT_FALSE(never.ran());
}

TEST_F(SandboxProcessTest, KillsTheFirstProcessItselfAndKnowsWhenAllAreGone) {
  SandboxProcess process = start({"/bin/sh", "-c", "sleep 600 & echo up; wait"});
  // It says so in pieces.
  while (process.all_ended() < 0) {
    ASSERT_TRUE(readable(process.status(), kPatience));
    ASSERT_FALSE(process.meet());
  }
  ASSERT_GE(process.all_ended(), 0);
  EXPECT_FALSE(readable(process.all_ended(), std::chrono::milliseconds(0)));
  process.kill();
  EXPECT_TRUE(readable(process.all_ended(), kPatience));
  EXPECT_EQ(process.reap(), 128 + SIGKILL);
  EXPECT_FALSE(process.ran());
}

TEST_F(SandboxProcessTest, KilledAtAnyMomentOfItsStartItLeavesNoProcess) {
  const auto orphans = [] { return children_of(::getpid()).size(); };
  // Whoever loses its parent becomes this process's child, where it can be seen.
  ASSERT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), 0);
  for (int delay = 0; delay < 60; ++delay) {
    SandboxProcess process = start({"/bin/sleep", "600"});
    std::this_thread::sleep_for(std::chrono::microseconds(delay * 400));
  }
  for (int i = 0; i < 6'000 && orphans() > 0; ++i) {
    while (::waitpid(-1, nullptr, WNOHANG) > 0) {
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_EQ(orphans(), 0U);
  ::prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0);
}

}  // namespace
}  // namespace sallyport::workplace
