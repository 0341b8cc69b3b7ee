#include "app/tls_watch.h"

#include <gtest/gtest.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>

#include "base/test_folder.h"

namespace sallyport::app {
namespace {

using namespace std::chrono_literals;

// Counts what the watch does, and lets a test wait for it.
class Counted {
 public:
  void add(int& count) {
    const std::lock_guard lock(mutex_);
    ++count;
    changed_.notify_all();
  }
  bool reaches(const int& count, int wanted) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 10s, [&] { return count >= wanted; });
  }
  int now(const int& count) {
    const std::lock_guard lock(mutex_);
    return count;
  }
  int looks = 0;
  int reloads = 0;

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
};

class TlsWatchTest : public testing::Test {
 protected:
  TlsWatchTest() {
    folder_.write("cert.pem", "one");
    folder_.write("key.pem", "one");
  }
  TlsWatch::Server server(bool fit = true) {
    return {.name = "test",
            .files = {folder_.path() + "/cert.pem", folder_.path() + "/key.pem"},
            .reload = [this, fit]() -> base::Status {
              counted_.add(counted_.reloads);
              if (fit) return {};
              return base::fail(base::ErrorKind::kInvalidParameter, "unfit");
            },
            .before = [this] { counted_.add(counted_.looks); }};
  }
  // Two whole looks from now.
  void look(TlsWatch& watch) {
    for (int i = 0; i < 2; ++i) {
      const int looks = counted_.now(counted_.looks);
      watch.look_soon();
      ASSERT_TRUE(counted_.reaches(counted_.looks, looks + 1));
    }
  }

  base::TestFolder folder_;
  Counted counted_;
};

TEST_F(TlsWatchTest, HasFilesReadOnceTheyChanged) {
  TlsWatch watch({server()}, 1h);
  look(watch);
  EXPECT_EQ(counted_.now(counted_.reloads), 0);
  folder_.write("key.pem", "another");
  watch.look_soon();
  ASSERT_TRUE(counted_.reaches(counted_.reloads, 1));
  look(watch);
  EXPECT_EQ(counted_.now(counted_.reloads), 1);
  folder_.write("new.pem", "one");
  std::filesystem::rename(folder_.path() + "/new.pem", folder_.path() + "/cert.pem");
  watch.look_soon();
  ASSERT_TRUE(counted_.reaches(counted_.reloads, 2)) << "replaced by a file of the same size";
}

TEST_F(TlsWatchTest, LooksByItself) {
  const TlsWatch watch({server()}, 1ms);
  ASSERT_TRUE(counted_.reaches(counted_.looks, 1));
  std::filesystem::remove(folder_.path() + "/cert.pem");
  ASSERT_TRUE(counted_.reaches(counted_.reloads, 1));
}

TEST_F(TlsWatchTest, WhatCouldNotBeLoadedIsTriedAgain) {
  TlsWatch watch({server(false)}, 1h);
  folder_.write("cert.pem", "damaged");
  watch.look_soon();
  ASSERT_TRUE(counted_.reaches(counted_.reloads, 1));
  watch.look_soon();
  EXPECT_TRUE(counted_.reaches(counted_.reloads, 2)) << "the files may be good and this process was out of something";
}

TEST_F(TlsWatchTest, KeepsSeveralServersApart) {
  folder_.write("other.pem", "one");
  int others = 0;
  const auto other = [&] {
    return TlsWatch::Server{.name = "other", .files = {folder_.path() + "/other.pem"}, .reload = [&]() -> base::Status {
                              counted_.add(others);
                              return {};
                            }};
  };
  TlsWatch watch({other(), server(false), other()}, 1h);
  look(watch);
  folder_.write("other.pem", "another");
  watch.look_soon();
  ASSERT_TRUE(counted_.reaches(others, 2));
  look(watch);
  EXPECT_EQ(counted_.now(others), 2);
  EXPECT_EQ(counted_.now(counted_.reloads), 0);
}

}  // namespace
}  // namespace sallyport::app
