#include "provider/process.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

#include "base/test_folder.h"
#include "provider/locks.h"

namespace sallyport::provider {
namespace {

constexpr base::Millis kLong{20'000};

// All that it writes until it ends, and how it ended.
std::pair<std::string, std::string> outcome(Child& child) {
  std::string text;
  EXPECT_TRUE(wait_readable(child.handle.get(), kLong));
  std::array<char, 4'096> chunk{};
  for (ssize_t count = 0; (count = ::read(child.output.get(), chunk.data(), chunk.size())) > 0;)
    text.append(chunk.data(), static_cast<std::size_t>(count));
  return {text, collect(child.pid)};
}

std::pair<std::string, std::string> run(const std::vector<std::string>& command, int kept = -1) {
  auto child = start_child(command, kept);
  EXPECT_TRUE(child);
  return outcome(*child);
}

TEST(Child, SaysWhatItWroteAndHowItEnded) {
  EXPECT_EQ(run({"/bin/sh", "-c", "echo out; echo err >&2; exit 3"}),
            std::make_pair(std::string("out\nerr\n"), std::string("exit code 3")));
  EXPECT_EQ(run({"/bin/sh", "-c", "kill -9 $$"}).second, "signal 9");
}

TEST(Child, ThatCannotRunSaysSo) {
  const auto [text, end] = run({"/nonexistent/program"});
  EXPECT_EQ(end, "exit code 127");
  EXPECT_NE(text.find("cannot be run"), std::string::npos);
}

TEST(Child, HasNothingOfTheCallersEnvironment) {
  ::setenv("ETCD_DATA_DIR", "/elsewhere", 1);  // NOLINT(concurrency-mt-unsafe)
  const std::string environment = run({"/usr/bin/env"}).first;
  ::unsetenv("ETCD_DATA_DIR");  // NOLINT(concurrency-mt-unsafe)
  EXPECT_TRUE(environment.starts_with("PATH="));
  EXPECT_EQ(environment.find("ETCD_DATA_DIR"), std::string::npos);
}

TEST(Child, KeepsOneDescriptorAndNoOther) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const auto lock = FileLock::take(folder / "lock", base::Millis(0), [] { return false; });
  ASSERT_TRUE(lock);
  const std::string listing = "for fd in /proc/self/fd/*; do [ -e $fd ] && echo ${fd##*/}; done";
  EXPECT_EQ(run({"/bin/sh", "-c", listing}).first, "0\n1\n2\n");
  EXPECT_EQ(run({"/bin/sh", "-c", listing}, lock->descriptor()).first, "0\n1\n2\n3\n");
}

TEST(Child, EndsBySignal) {
  auto child = start_child({"/bin/sleep", "600"}, -1);
  ASSERT_TRUE(child);
  EXPECT_FALSE(wait_readable(child->handle.get(), base::Millis(0)));
  EXPECT_TRUE(send_signal(child->handle, SIGTERM));
  EXPECT_EQ(outcome(*child).second, "signal 15");
  EXPECT_FALSE(send_signal(child->handle, SIGTERM)) << "it is gone, whoever has its number";
}

TEST(Process, ThatIsNotThereHasNoHandle) { EXPECT_FALSE(open_process(4'194'304).valid()); }

}  // namespace
}  // namespace sallyport::provider
