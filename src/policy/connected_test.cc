#include "policy/connected.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/test_network.h"

namespace sallyport::policy {
namespace {

using test::attach;
using test::cidr;
using test::kHome;
using test::kOther;
using test::kThird;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> seen_from(const model::Snapshot& world, const model::VpcId& vpc) {
  std::vector<std::string> found;
  for (const ConnectedNetwork& network : connected_networks(world, *world.find_vpc(vpc)))
    found.push_back(network.block.to_string() + " " + network.via);
  return found;
}

TEST(ConnectedNetworks, NothingJoinsAVpcByItself) { EXPECT_THAT(seen_from(test::three_vpcs(), kHome), IsEmpty()); }

TEST(ConnectedNetworks, APeeringJoinsBothWaysOnceAccepted) {
  model::Snapshot world = test::three_vpcs();
  test::peer(world, "pcx-1", kHome, kOther, false);
  EXPECT_THAT(seen_from(world, kHome), IsEmpty());
  EXPECT_THAT(seen_from(world, kOther), IsEmpty());
  test::peer(world, "pcx-1", kHome, kOther);
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("10.9.0.0/16 pcx-1"));
  EXPECT_THAT(seen_from(world, kOther), ElementsAre("10.0.0.0/16 pcx-1"));
}

TEST(ConnectedNetworks, PeeringIsNotTransitive) {
  model::Snapshot world = test::three_vpcs();
  test::peer(world, "pcx-1", kHome, kOther);
  test::peer(world, "pcx-2", kOther, kThird);
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("10.9.0.0/16 pcx-1"));
  EXPECT_THAT(seen_from(world, kThird), ElementsAre("10.9.0.0/16 pcx-2"));
}

TEST(ConnectedNetworks, NothingBehindAPeersGatewaysIsJoined) {
  model::Snapshot world = test::three_vpcs();
  test::peer(world, "pcx-1", kHome, kOther);
  test::vpn(world, "vpn-1", "vgw-1", kOther, {"192.168.0.0/16"});
  test::transit(world, "tgw-1", {});
  attach(world, "tgw-attach-1", "tgw-1", kOther);
  attach(world, "tgw-attach-2", "tgw-1", kThird);
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("10.9.0.0/16 pcx-1"));
}

TEST(ConnectedNetworks, APeerThatIsGoneOrTheVpcItselfJoinsNothing) {
  model::Snapshot world = test::three_vpcs();
  test::peer(world, "pcx-1", kHome, model::VpcId("vpc-gone"));
  test::peer(world, "pcx-2", kHome, kHome);
  EXPECT_THAT(seen_from(world, kHome), IsEmpty());
}

TEST(ConnectedNetworks, AttachedVpcsReachEachOther) {
  model::Snapshot world = test::three_vpcs();
  test::transit(world, "tgw-1", {});
  attach(world, "tgw-attach-1", "tgw-1", kHome);
  EXPECT_THAT(seen_from(world, kHome), IsEmpty());
  attach(world, "tgw-attach-2", "tgw-1", kOther);
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("10.9.0.0/16 tgw-1"));
  EXPECT_THAT(seen_from(world, kOther), ElementsAre("10.0.0.0/16 tgw-1"));
  EXPECT_THAT(seen_from(world, kThird), IsEmpty());
}

TEST(ConnectedNetworks, OfOneGatewayNothingIsSeenThroughAnother) {
  model::Snapshot world = test::three_vpcs();
  test::transit(world, "tgw-1", {});
  test::transit(world, "tgw-2", {});
  attach(world, "tgw-attach-1", "tgw-1", kHome);
  attach(world, "tgw-attach-2", "tgw-1", kOther);
  attach(world, "tgw-attach-3", "tgw-2", kOther);
  attach(world, "tgw-attach-4", "tgw-2", kThird);
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("10.9.0.0/16 tgw-1"));
}

TEST(ConnectedNetworks, StaticRoutesComeBeforePropagatedOnes) {
  model::Snapshot world = test::three_vpcs();
  // To the VPN: a block of its own. Black holes: the half of Other, and all of Third.
  test::transit(world, "tgw-1", {{"192.168.0.0/16", "tgw-attach-9"}, {"10.9.128.0/17", ""}, {"10.8.0.0/16", ""}});
  attach(world, "tgw-attach-1", "tgw-1", kHome);
  attach(world, "tgw-attach-2", "tgw-1", kOther);
  attach(world, "tgw-attach-3", "tgw-1", kThird);
  test::attach_vpn(world, "tgw-attach-9", "tgw-1", "vpn-1");
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("10.9.0.0/17 tgw-1", "192.168.0.0/16 tgw-1"));
  // Home's own block is reached from Other; Other's own is a route back.
  EXPECT_THAT(seen_from(world, kOther), ElementsAre("10.0.0.0/16 tgw-1", "192.168.0.0/16 tgw-1"));
}

TEST(ConnectedNetworks, ALongerRouteInsideABlackHoleLeadsAway) {
  model::Snapshot world = test::three_vpcs();
  test::transit(world, "tgw-1",
                {{"192.168.0.0/16", "tgw-attach-9"}, {"192.168.4.0/22", ""}, {"192.168.5.0/24", "tgw-attach-9"}});
  attach(world, "tgw-attach-1", "tgw-1", kHome);
  test::attach_vpn(world, "tgw-attach-9", "tgw-1", "vpn-1");
  const auto found = connected_networks(world, *world.find_vpc(kHome));
  const auto reaches = [&](const char* address) {
    return std::ranges::any_of(found, [&](const auto& network) { return network.block.contains(test::ip(address)); });
  };
  EXPECT_TRUE(reaches("192.168.1.1"));
  EXPECT_FALSE(reaches("192.168.4.1"));
  EXPECT_TRUE(reaches("192.168.5.1"));
  EXPECT_FALSE(reaches("192.168.6.1"));
  EXPECT_TRUE(reaches("192.168.8.1"));
}

TEST(ConnectedNetworks, ARouteBackIntoTheVpcLeadsNowhere) {
  model::Snapshot world = test::three_vpcs();
  test::transit(world, "tgw-1", {{"192.168.0.0/16", "tgw-attach-1"}});
  attach(world, "tgw-attach-1", "tgw-1", kHome);
  attach(world, "tgw-attach-2", "tgw-1", kOther);
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("10.9.0.0/16 tgw-1"));
  EXPECT_THAT(seen_from(world, kOther), ElementsAre("10.0.0.0/16 tgw-1", "192.168.0.0/16 tgw-1"));
}

TEST(ConnectedNetworks, ARouteWhoseAttachmentIsGoneIsABlackHole) {
  model::Snapshot world = test::three_vpcs();
  test::transit(world, "tgw-1", {{"192.168.0.0/16", "tgw-attach-9"}, {"10.9.0.0/24", "tgw-attach-5"}});
  test::transit(world, "tgw-2", {});
  attach(world, "tgw-attach-1", "tgw-1", kHome);
  attach(world, "tgw-attach-2", "tgw-1", kOther);
  attach(world, "tgw-attach-5", "tgw-2", kThird);  // there, but of another gateway
  const auto found = connected_networks(world, *world.find_vpc(kHome));
  for (const ConnectedNetwork& network : found) {
    EXPECT_TRUE(cidr("10.9.0.0/16").contains(network.block)) << network.block.to_string();
    EXPECT_FALSE(network.block.overlaps(cidr("10.9.0.0/24"))) << network.block.to_string();
  }
  const auto routes = transit_routes(world, *world.find<model::TransitGateway>(model::TransitGatewayId("tgw-1")));
  ASSERT_EQ(routes.size(), 4U);
  EXPECT_EQ(routes[0], (TransitRoute{cidr("10.0.0.0/16"), model::AttachmentId("tgw-attach-1"), true}));
  EXPECT_EQ(routes[1], (TransitRoute{cidr("10.9.0.0/16"), model::AttachmentId("tgw-attach-2"), true}));
  EXPECT_EQ(routes[2], (TransitRoute{cidr("10.9.0.0/24"), std::nullopt, false}));
  EXPECT_EQ(routes[3], (TransitRoute{cidr("192.168.0.0/16"), std::nullopt, false}));
}

TEST(ConnectedNetworks, Ipv6PropagatesWithIpv6Support) {
  model::Snapshot world = test::three_vpcs();
  model::Vpc other = *world.find_vpc(kOther);
  other.cidr_blocks.push_back(cidr("2001:db8:9::/56"));
  test::put(world.vpcs, other);
  test::transit(world, "tgw-1", {});
  attach(world, "tgw-attach-1", "tgw-1", kHome);
  attach(world, "tgw-attach-2", "tgw-1", kOther);
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("10.9.0.0/16 tgw-1"));
  attach(world, "tgw-attach-2", "tgw-1", kOther, true);
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("10.9.0.0/16 tgw-1", "2001:db8:9::/56 tgw-1"));
}

TEST(ConnectedNetworks, WholeFamiliesHaveHolesOfTheirOwnFamily) {
  model::Snapshot world = test::three_vpcs();
  test::transit(world, "tgw-1",
                {{"::/0", "tgw-attach-9"}, {"0.0.0.0/0", "tgw-attach-9"}, {"2001:db8::/32", ""}, {"128.0.0.0/1", ""}});
  attach(world, "tgw-attach-1", "tgw-1", kHome);
  test::attach_vpn(world, "tgw-attach-9", "tgw-1", "vpn-1");
  const auto found = connected_networks(world, *world.find_vpc(kHome));
  const auto reaches = [&](const char* address) {
    return std::ranges::any_of(found, [&](const auto& network) { return network.block.contains(test::ip(address)); });
  };
  EXPECT_FALSE(reaches("2001:db8::1"));
  EXPECT_TRUE(reaches("2001:db9::1"));
  EXPECT_FALSE(reaches("192.0.2.1"));
  EXPECT_TRUE(reaches("100.64.0.1"));
  EXPECT_FALSE(reaches("10.0.0.1")) << "Home's own block leads back";
}

TEST(ConnectedNetworks, AVpnJoinsItsStaticRoutesToTheAttachedVpc) {
  model::Snapshot world = test::three_vpcs();
  test::vpn(world, "vpn-1", "vgw-1", kHome, {"192.168.0.0/16", "172.16.0.0/12"});
  EXPECT_THAT(seen_from(world, kHome), ElementsAre("192.168.0.0/16 vgw-1", "172.16.0.0/12 vgw-1"));
  EXPECT_THAT(seen_from(world, kOther), IsEmpty());
  test::put(world, model::VpnGateway{.id = model::VpnGatewayId("vgw-1"), .attached = std::nullopt, .tags = {}});
  EXPECT_THAT(seen_from(world, kHome), IsEmpty());
}

TEST(Without, CutsHolesOut) {
  const auto left = [](const char* from, const std::vector<std::string>& holes) {
    std::vector<std::string> pieces;
    for (const auto& piece : without(cidr(from), test::cidrs(holes).entries()))
      pieces.push_back(piece.to_string());
    return pieces;
  };
  EXPECT_THAT(left("10.0.0.0/8", {}), ElementsAre("10.0.0.0/8"));
  EXPECT_THAT(left("10.0.0.0/8", {"10.0.0.0/8"}), IsEmpty());
  EXPECT_THAT(left("10.0.0.0/8", {"0.0.0.0/0"}), IsEmpty());
  EXPECT_THAT(left("10.0.0.0/8", {"11.0.0.0/8", "2001:db8::/32"}), ElementsAre("10.0.0.0/8"));
  EXPECT_THAT(left("10.0.0.0/8", {"10.128.0.0/9"}), ElementsAre("10.0.0.0/9"));
  EXPECT_THAT(left("10.0.0.0/30", {"10.0.0.1/32"}), ElementsAre("10.0.0.0/32", "10.0.0.2/31"));
  EXPECT_THAT(left("10.0.0.0/31", {"10.0.0.0/32", "10.0.0.1/32"}), IsEmpty());
  EXPECT_THAT(left("2001:db8::/32", {"2001:db8::/33"}), ElementsAre("2001:db8:8000::/33"));
}

}  // namespace
}  // namespace sallyport::policy
