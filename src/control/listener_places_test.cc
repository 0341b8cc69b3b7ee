#include "control/listener_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace sallyport::control {
namespace {

using model::Listener;
using testing::ElementsAre;
using testing::HasSubstr;

model::Snapshot world_with(const std::vector<std::tuple<const char*, const char*, const char*>>& subnets) {
  model::Snapshot world;
  for (const auto& [id, vpc, block] : subnets) {
    model::Subnet subnet{
        model::SubnetId(id), model::VpcId(vpc), model::Cidr::parse(block).value(), "us-east-1a", false, false, {}};
    world.subnets[subnet.id] = std::make_shared<const model::Subnet>(subnet);
  }
  return world;
}

Listener private_at(const char* advertise) {
  Listener listener;
  listener.side = Listener::Side::kPrivate;
  listener.advertise = base::SocketAddress::parse(advertise).value();
  listener.bind = base::SocketAddress::parse("127.0.0.1:8443").value();
  return listener;
}

TEST(PlacedListeners, TheOneSubnetThatContainsTheAdvertisedAddress) {
  const auto world = world_with({{"subnet-1", "vpc-1", "10.0.0.0/24"}, {"subnet-2", "vpc-1", "10.0.1.0/24"}});
  const auto placed = placed_listeners({private_at("10.0.1.10:443")}, world);
  EXPECT_TRUE(placed.problems.empty());
  EXPECT_EQ(placed.listeners[0].subnet, model::SubnetId("subnet-2"));
  EXPECT_EQ(placed.listeners[0].vpc, model::VpcId("vpc-1"));
}

TEST(PlacedListeners, AGivenSubnetDecides) {
  const auto world = world_with({{"subnet-1", "vpc-1", "10.0.0.0/24"}, {"subnet-2", "vpc-2", "10.0.0.0/24"}});
  Listener listener = private_at("10.0.0.10:443");
  listener.subnet = model::SubnetId("subnet-2");
  const auto placed = placed_listeners({listener}, world);
  EXPECT_TRUE(placed.problems.empty());
  EXPECT_EQ(placed.listeners[0].vpc, model::VpcId("vpc-2"));
}

TEST(PlacedListeners, AGivenVpcNarrowsTheSearch) {
  const auto world = world_with({{"subnet-1", "vpc-1", "10.0.0.0/24"}, {"subnet-2", "vpc-2", "10.0.0.0/24"}});
  Listener listener = private_at("10.0.0.10:443");
  listener.vpc = model::VpcId("vpc-1");
  EXPECT_EQ(placed_listeners({listener}, world).listeners[0].subnet, model::SubnetId("subnet-1"));
}

TEST(PlacedListeners, NoneOrSeveralLeaveItEmptyAndSayWhy) {
  const auto world = world_with({{"subnet-1", "vpc-1", "10.0.0.0/24"}, {"subnet-2", "vpc-2", "10.0.0.0/24"}});
  Listener lost = private_at("10.0.0.11:443");
  lost.subnet = model::SubnetId("subnet-none");
  const auto placed = placed_listeners({private_at("10.0.0.10:443"), private_at("10.5.0.1:443"), lost}, world);
  for (const Listener& listener : placed.listeners) {
    EXPECT_FALSE(listener.vpc);
    EXPECT_FALSE(listener.subnet);
  }
  EXPECT_THAT(placed.problems, ElementsAre(HasSubstr("several subnets"), HasSubstr("no subnet contains"),
                                           HasSubstr("subnet-none does not exist")));
}

TEST(PlacedListeners, PublicOnesPassUntouched) {
  Listener listener = private_at("10.0.0.10:443");
  listener.side = Listener::Side::kPublic;
  const auto placed = placed_listeners({listener}, world_with({{"subnet-1", "vpc-1", "10.0.0.0/24"}}));
  EXPECT_EQ(placed.listeners, std::vector{listener});
  EXPECT_TRUE(placed.problems.empty());
}

}  // namespace
}  // namespace sallyport::control
