#include "workplace/strangers.h"

#include <gtest/gtest.h>

#include <vector>

#include "base/limits.h"
#include "workplace/own_address.h"

namespace sallyport::workplace {
namespace {

using base::limits::kWorkplaceOwnStrangers;
using base::limits::kWorkplaceStrangers;

base::IpAddress address(const std::string& text) { return *base::IpAddress::parse(text); }

class StrangersTest : public testing::Test {
 protected:
  bool add(const std::string& source, bool own = false) {
    auto stranger = strangers_.admit(address(source), own);
    if (stranger) admitted_.push_back(*std::move(stranger));
    return stranger.has_value();
  }

  Strangers strangers_;
  std::vector<Strangers::Stranger> admitted_;
};

TEST_F(StrangersTest, OneSourceLeavesRoomForOthersAndWhoLeavesMakesRoom) {
  for (std::size_t i = 0; i < kWorkplaceStrangers; ++i)
    ASSERT_TRUE(add("2001:db8::" + std::to_string(i)));
  EXPECT_FALSE(add("2001:db8::ffff"));
  EXPECT_TRUE(add("2001:db8:0:1::1"));
  EXPECT_TRUE(add("192.0.2.1"));
  admitted_.clear();
  EXPECT_TRUE(add("2001:db8::ffff"));
}

TEST_F(StrangersTest, TheMachinesOwnAddressesAreOneSource) {
  for (std::size_t i = 0; i < kWorkplaceOwnStrangers; ++i)
    ASSERT_TRUE(add("127.0.0." + std::to_string(i + 1), true));
  EXPECT_FALSE(add("10.0.1.20", true));
  EXPECT_TRUE(add("10.0.1.9"));
}

TEST(OwnAddress, IsOfAnInterfaceOrLoopback) {
  EXPECT_TRUE(is_own(address("127.9.8.7")));
  EXPECT_TRUE(is_own(address("::1")));
  EXPECT_FALSE(is_own(address("192.0.2.1")));
}

}  // namespace
}  // namespace sallyport::workplace
