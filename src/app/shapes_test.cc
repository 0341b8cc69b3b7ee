#include "app/shapes.h"

#include <gtest/gtest.h>

#include <vector>

namespace sallyport::app {
namespace {

TEST(Shapes, Regions) {
  for (const char* good : {"us-east-1", "us-gov-west-1", "ap-southeast-12"})
    EXPECT_TRUE(is_region(good)) << good;
  for (const char* bad :
       {"", "us", "us-east", "us-east-", "-east-1", "US-EAST-1", "us--east-1", "us-east-1a", "a.b-c-1"}) {
    EXPECT_FALSE(is_region(bad)) << bad;
  }
}

TEST(Shapes, DnsNames) {
  for (const char* good : {"a", "a.b", "xn--bcher-kva.example", "9.example", "A-b.C"})
    EXPECT_TRUE(is_dns_name(good)) << good;
  for (const char* bad : {"", ".", "a..b", "a.", "-a", "a-", "a_b", "a b", "ä"})
    EXPECT_FALSE(is_dns_name(bad)) << bad;
  EXPECT_TRUE(is_dns_name(std::string(63, 'a')));
  EXPECT_FALSE(is_dns_name(std::string(64, 'a')));
}

TEST(Shapes, ResourceIds) {
  EXPECT_TRUE(is_resource_id("vpc-0123456789abcdef0", "vpc-"));
  EXPECT_TRUE(is_resource_id("vpc-12345678", "vpc-"));
  EXPECT_FALSE(is_resource_id("vpc-0123456789ABCDEF0", "vpc-"));
  EXPECT_FALSE(is_resource_id("subnet-12345678", "vpc-"));
  EXPECT_FALSE(is_resource_id("vpc-123456789", "vpc-"));
}

TEST(Shapes, ClosestIsNearOrNothing) {
  const std::vector<std::string> names{"public", "private", "workers"};
  EXPECT_EQ(closest("pubic", names), "public");
  EXPECT_EQ(closest("privat", names), "private");
  EXPECT_EQ(closest("worker", names), "workers");
  EXPECT_EQ(closest("subnet", names), std::nullopt);
  EXPECT_EQ(closest("", names), std::nullopt);
}

TEST(Shapes, AddressesAreExplained) {
  EXPECT_EQ(why_not_address("203.0.113.10:443"), std::nullopt);
  EXPECT_EQ(why_not_address("[2001:db8::1]:443"), std::nullopt);
  EXPECT_NE(why_not_address("2001:db8::1")->find("[2001:db8::1]:443"), std::string::npos);
  EXPECT_NE(why_not_address("")->find("is not an address"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::app
