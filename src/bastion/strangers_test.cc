#include "bastion/strangers.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/limits.h"

namespace sallyport::bastion {
namespace {

using base::limits::kBastionStrangers;
constexpr std::size_t kMost = kBastionStrangers + 2;

base::IpAddress address(const char* text) { return *base::IpAddress::parse(text); }

class StrangersTest : public testing::Test {
 protected:
  // Nothing when it was admitted; it then stays.
  std::optional<Refusal> add(const char* source) {
    auto stranger = strangers_.admit(address(source));
    if (!stranger) return stranger.error();
    admitted_.push_back(*std::move(stranger));
    return std::nullopt;
  }
  void fill(const char* source) {
    for (std::size_t i = 0; i < kBastionStrangers; ++i)
      EXPECT_EQ(add(source), std::nullopt) << i;
  }

  Strangers strangers_{kMost};
  std::vector<Strangers::Stranger> admitted_;
};

TEST_F(StrangersTest, OneSourceLeavesRoomForOthers) {
  fill("192.0.2.1");
  EXPECT_EQ(add("192.0.2.1"), Refusal::kSourceLimit);
  EXPECT_EQ(add("192.0.2.2"), std::nullopt);
  EXPECT_EQ(strangers_.count(), kBastionStrangers + 1);
}

TEST_F(StrangersTest, AnIpv6SourceIsItsNetworkOf64Bits) {
  fill("2001:db8::1");
  EXPECT_EQ(add("2001:db8::ffff:1"), Refusal::kSourceLimit);
  EXPECT_EQ(add("2001:db8:0:1::1"), std::nullopt);
}

TEST_F(StrangersTest, AllTogetherHaveALimit) {
  fill("192.0.2.1");
  EXPECT_EQ(add("192.0.2.2"), std::nullopt);
  EXPECT_EQ(add("192.0.2.3"), std::nullopt);
  EXPECT_EQ(add("192.0.2.4"), Refusal::kStrangerLimit);
  EXPECT_EQ(strangers_.count(), kMost);
}

TEST_F(StrangersTest, WhoLeavesMakesRoom) {
  fill("192.0.2.1");
  admitted_.pop_back();
  EXPECT_EQ(add("192.0.2.1"), std::nullopt);
  EXPECT_EQ(add("192.0.2.1"), Refusal::kSourceLimit);
  admitted_.clear();
  EXPECT_EQ(strangers_.count(), 0U);
}

}  // namespace
}  // namespace sallyport::bastion
