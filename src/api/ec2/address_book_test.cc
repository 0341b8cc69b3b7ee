#include "api/ec2/address_book.h"

#include <gtest/gtest.h>

#include <memory>

namespace sallyport::api::ec2 {
namespace {

using base::IpAddress;

IpAddress ip(const char* text) { return *IpAddress::parse(text); }

model::Subnet subnet_of(const char* block) {
  model::Subnet subnet;
  subnet.id = model::SubnetId("subnet-1");
  subnet.vpc = model::VpcId("vpc-1");
  subnet.cidr_block = model::Cidr::parse(block).value();
  return subnet;
}

TEST(AddressBook, FiveAddressesAreReserved) {
  const model::Subnet subnet = subnet_of("10.0.0.16/28");
  for (const char* reserved : {"10.0.0.16", "10.0.0.17", "10.0.0.18", "10.0.0.19", "10.0.0.31"})
    EXPECT_TRUE(is_reserved(subnet, ip(reserved))) << reserved;
  for (const char* free : {"10.0.0.20", "10.0.0.30", "10.0.0.15", "10.0.0.32", "2001:db8::1"})
    EXPECT_FALSE(is_reserved(subnet, ip(free))) << free;
}

TEST(AddressBook, GivesTheLowestFreeOneUntilNoneIsLeft) {
  const model::Subnet subnet = subnet_of("10.0.0.16/28");
  AddressBook book{model::Snapshot{}};
  book.take(subnet.vpc, ip("10.0.0.20"), "a");
  book.take(subnet.vpc, ip("10.0.0.22"), "b");
  book.take(model::VpcId("vpc-2"), ip("10.0.0.21"), "c");
  EXPECT_EQ(book.available(subnet), 9U);
  EXPECT_EQ(book.take_free(subnet, "d"), ip("10.0.0.21"));
  EXPECT_EQ(book.take_free(subnet, "d"), ip("10.0.0.23"));
  for (int i = 24; i < 31; ++i)
    EXPECT_EQ(book.take_free(subnet, "d")->to_string(), "10.0.0." + std::to_string(i));
  EXPECT_EQ(book.take_free(subnet, "d"), std::nullopt);
  EXPECT_EQ(book.available(subnet), 0U);
  EXPECT_EQ(*book.user_of(subnet.vpc, ip("10.0.0.22")), "b");
  EXPECT_EQ(book.user_of(subnet.vpc, ip("10.0.0.16")), nullptr);
}

TEST(AddressBook, SubnetsTooSmallHaveNone) {
  AddressBook book{model::Snapshot{}};
  EXPECT_EQ(book.available(subnet_of("10.0.0.0/30")), 0U);
  EXPECT_EQ(book.take_free(subnet_of("10.0.0.0/30"), "a"), std::nullopt);
}

TEST(AddressBook, TheEndOfTheAddressSpace) {
  AddressBook book{model::Snapshot{}};
  const model::Subnet subnet = subnet_of("255.255.255.240/28");
  EXPECT_EQ(book.available(subnet), 11U);
  EXPECT_EQ(book.take_free(subnet, "a"), ip("255.255.255.244"));
}

TEST(AddressBook, KnowsPrivateListeners) {
  model::Snapshot world;
  model::Listener listener;
  listener.side = model::Listener::Side::kPrivate;
  listener.advertise = *base::SocketAddress::parse("10.0.0.20:443");
  listener.vpc = model::VpcId("vpc-1");
  world.listeners = {listener};
  AddressBook book(world);
  EXPECT_EQ(book.take_free(subnet_of("10.0.0.16/28"), "a"), ip("10.0.0.21"));
}

}  // namespace
}  // namespace sallyport::api::ec2
