#include "provider/locks.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "base/test_folder.h"
#include "provider/files.h"

namespace sallyport::provider {
namespace {

constexpr base::Millis kSoon{0};
const auto kNever = [] { return false; };

TEST(FileLock, HasOneHolder) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const std::string path = folder / "lock";
  {
    const auto first = FileLock::take(path, kSoon, kNever);
    ASSERT_TRUE(first);
    EXPECT_EQ(FileLock::take(path, kSoon, kNever).error().kind, base::ErrorKind::kInUse);
    EXPECT_FALSE(FileLock::try_take(path).value().has_value());
  }
  EXPECT_TRUE(FileLock::try_take(path).value().has_value());
}

TEST(FileLock, AWaitEndsWhenToldTo) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const auto first = FileLock::take(folder / "lock", kSoon, kNever);
  const auto second = FileLock::take(folder / "lock", base::Millis(600'000), [] { return true; });
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().kind, base::ErrorKind::kUnavailable);
}

TEST(FileLock, OfARemovedFileIsNone) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const std::string path = folder / "lock";
  auto first = FileLock::try_take(path).value();
  ASSERT_TRUE(first);
  int asked = 0;
  // While the second waits, the first removes the file and lets go.
  const auto second = FileLock::take(path, base::Millis(600'000), [&] {
    if (++asked == 1) {
      EXPECT_TRUE(remove_file(path));
      first.reset();
    }
    return asked > 5;
  });
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(exists(path));
  EXPECT_FALSE(FileLock::try_take(path).value().has_value());
}

TEST(FileLock, LivesAsLongAsAProcessThatInheritedIt) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const std::string path = folder / "lock";
  auto lock = FileLock::try_take(path).value();
  ASSERT_TRUE(lock);
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    _exit(0);
  }
  lock.reset();
  EXPECT_FALSE(FileLock::try_take(path).value().has_value());
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_TRUE(FileLock::try_take(path).value().has_value());
}

TEST(NamedLock, TellsItsHolder) {
  const base::TestFolder folder = base::TestFolder::in_memory();
  const std::string path = folder / "lock";
  EXPECT_EQ(NamedLock::holder(path), std::nullopt);
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto taken = NamedLock::take(path);
    const char good = taken ? 'y' : 'n';
    if (::write(ends[1], &good, 1) == 1) ::pause();
    _exit(0);
  }
  char good = 0;
  ASSERT_EQ(::read(ends[0], &good, 1), 1);
  EXPECT_EQ(good, 'y');
  EXPECT_EQ(NamedLock::holder(path), child);
  EXPECT_EQ(NamedLock::take(path).error().kind, base::ErrorKind::kInUse);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(NamedLock::holder(path), std::nullopt);
  EXPECT_TRUE(NamedLock::take(path));
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace sallyport::provider
