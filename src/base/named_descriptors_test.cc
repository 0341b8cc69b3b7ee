#include "base/named_descriptors.h"

#include <fcntl.h>
#include <gtest/gtest.h>

namespace sallyport::base {
namespace {

Descriptor any() { return Descriptor(::open("/dev/null", O_RDONLY | O_CLOEXEC)); }
bool is_open(int fd) { return ::fcntl(fd, F_GETFD) >= 0; }

TEST(NamedDescriptors, GivesEachOfANameOnceInOrder) {
  NamedDescriptors held;
  std::vector<int> added;
  for (const char* name : {"a", "b", "a"}) {
    Descriptor file = any();
    added.push_back(file.get());
    held.add(name, std::move(file));
  }
  const auto taken = held.take_all("a");
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].get(), added[0]);
  EXPECT_EQ(taken[1].get(), added[2]);
  EXPECT_TRUE(held.take_all("a").empty());
  EXPECT_FALSE(held.take("c").valid());
  EXPECT_EQ(held.entries().size(), 1U);
}

TEST(NamedDescriptors, ClosesWhatNobodyTook) {
  int left = -1;
  {
    NamedDescriptors held;
    Descriptor file = any();
    left = file.get();
    held.add("a", std::move(file));
    EXPECT_TRUE(is_open(left));
  }
  EXPECT_FALSE(is_open(left));
}

}  // namespace
}  // namespace sallyport::base
