#include "provider/ports.h"

#include <gtest/gtest.h>

namespace sallyport::provider {
namespace {

const auto kAllFree = [](std::uint16_t) { return true; };

TEST(PortRange, ParsesAndRefuses) {
  const auto range = PortRange::parse("1024-1026");
  ASSERT_TRUE(range);
  EXPECT_EQ(range->first, 1024);
  EXPECT_EQ(range->last, 1026);
  EXPECT_TRUE(PortRange::parse("65533-65535"));
  for (const char* bad : {"", "21000", "21000-", "-21999", "21000-21001", "21999-21000", "80-90", "21000-65536",
                          "21000-21999x", "21000 -21999", "0-65535"})
    EXPECT_FALSE(PortRange::parse(bad)) << bad;
}

TEST(ChoosePorts, TakesTheLowestThatNobodyHas) {
  const auto is_free = [](std::uint16_t port) { return port != 2'001 && port != 2'004; };
  const auto chosen = choose_ports({2'000, 2'010}, {2'000, 2'003}, is_free);
  ASSERT_TRUE(chosen);
  EXPECT_EQ(*chosen, (Ports{2'002, 2'005, 2'006}));
}

TEST(ChoosePorts, SaysWhenTheRangeIsUsedUp) {
  EXPECT_TRUE(choose_ports({2'000, 2'002}, {}, kAllFree));
  const auto chosen = choose_ports({2'000, 2'002}, {2'001}, kAllFree);
  ASSERT_FALSE(chosen);
  EXPECT_EQ(chosen.error().kind, base::ErrorKind::kLimitExceeded);
  EXPECT_NE(chosen.error().message.find("2000-2002"), std::string::npos);
  EXPECT_NE(chosen.error().message.find("--ports"), std::string::npos);
}

TEST(ChoosePorts, EndsAtTheLastPortThereIs) {
  EXPECT_EQ(*choose_ports({65'533, 65'535}, {}, kAllFree), (Ports{65'533, 65'534, 65'535}));
  EXPECT_FALSE(choose_ports({65'533, 65'535}, {65'535}, kAllFree));
}

}  // namespace
}  // namespace sallyport::provider
