#include "gateway/buffers.h"

#include <gtest/gtest.h>

#include <array>

namespace sallyport::gateway {
namespace {

TEST(Buffers, WhatIsLentIsWhatWasReadAndAnotherIsReadInto) {
  Buffers buffers(2);
  buffers.scratch()[3] = 42;
  const std::uint8_t* first = buffers.scratch().data();
  Block block = buffers.lend(3, 5);
  EXPECT_EQ(block.bytes.get(), first);
  ASSERT_EQ(block.rest().size(), 2U);
  EXPECT_EQ(block.rest()[0], 42);
  EXPECT_NE(buffers.scratch().data(), first);
  buffers.take_back(block);
  EXPECT_TRUE(block.empty());
  EXPECT_EQ(block.bytes, nullptr);
}

TEST(Buffers, NoMoreThanTheLimitIsOut) {
  Buffers buffers(2);
  Block one = buffers.lend(0, 1);
  EXPECT_TRUE(buffers.can_lend());
  const std::array<std::uint8_t, 3> hello{1, 2, 3};
  Block two = buffers.copy(hello);
  EXPECT_TRUE(std::ranges::equal(two.rest(), hello));
  EXPECT_FALSE(buffers.can_lend());
  // A ClientHello is kept all the same, and counts.
  Block three = buffers.copy(hello);
  buffers.take_back(one);
  EXPECT_FALSE(buffers.can_lend());
  buffers.take_back(two);
  EXPECT_TRUE(buffers.can_lend());
  buffers.take_back(three);
}

TEST(Buffers, ABlockThatCameBackIsUsedAgain) {
  Buffers buffers(8);
  Block block = buffers.lend(0, 1);
  const std::uint8_t* bytes = block.bytes.get();
  buffers.take_back(block);
  Block next = buffers.lend(0, 1);
  EXPECT_EQ(buffers.scratch().data(), bytes);
  buffers.take_back(next);
  Block none;
  buffers.take_back(none);  // nothing was out
  EXPECT_TRUE(buffers.can_lend());
}

}  // namespace
}  // namespace sallyport::gateway
