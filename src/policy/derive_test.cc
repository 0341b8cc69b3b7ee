#include "policy/derive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "policy/test_network.h"

namespace sallyport::policy {
namespace {

using test::ip;
using test::kHome;
using test::kOther;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

// What follows, put in place.
model::Snapshot derived(model::Snapshot world) {
  const Derived changed = derive(world).value();
  for (const model::Vpc& vpc : changed.vpcs)
    test::put(world.vpcs, vpc);
  for (const model::SecurityGroup& group : changed.security_groups)
    test::put(world.security_groups, group);
  return world;
}

void add_interface(model::Snapshot& world, const char* id, const model::VpcId& vpc,
                   const std::vector<base::IpAddress>& addresses, const std::vector<model::SecurityGroupId>& groups) {
  model::NetworkInterface interface;
  interface.id = model::NetworkInterfaceId(id);
  interface.vpc = vpc;
  interface.addresses = addresses;
  interface.groups = groups;
  test::put(world, std::move(interface));
}

void add_address(model::Snapshot& world, const char* id, const char* address, const char* interface) {
  model::ElasticIp elastic;
  elastic.id = model::AllocationId(id);
  elastic.public_ip = ip(address);
  if (*interface != '\0') elastic.network_interface = model::NetworkInterfaceId(interface);
  test::put(world, std::move(elastic));
}

TEST(Derive, GivesOnlyWhatDiffers) {
  const model::Snapshot settled = derived(test::three_vpcs());
  EXPECT_THAT(derive(settled).value().vpcs, IsEmpty());
  EXPECT_THAT(derive(settled).value().security_groups, IsEmpty());

  model::Snapshot changed = settled;
  test::peer(changed, "pcx-1", kHome, kOther);
  EXPECT_THAT(derive(changed).value().vpcs, SizeIs(2));
  EXPECT_THAT(derive(changed).value().security_groups, IsEmpty());
}

TEST(Derive, NameServersAreThoseOfTheDhcpOptions) {
  model::Snapshot world = test::world();
  model::DhcpOptions options;
  options.id = model::DhcpOptionsId("dopt-1");
  options.configurations = {{"domain-name-servers", {"10.0.0.2", "10.0.0.3"}}, {"domain-name", {"example.com"}}};
  test::put(world, options);
  model::Vpc home = *world.find_vpc(kHome);
  home.dhcp_options = options.id;
  test::put(world.vpcs, home);
  world = derived(std::move(world));
  EXPECT_THAT(world.find_vpc(kHome)->domain_name_servers, ElementsAre("10.0.0.2", "10.0.0.3"));
  EXPECT_THAT(world.find_vpc(kOther)->domain_name_servers, IsEmpty()) << "no options, no servers";

  options.configurations.erase("domain-name-servers");
  test::put(world, options);
  EXPECT_THAT(derived(world).find_vpc(kHome)->domain_name_servers, IsEmpty());
}

TEST(Derive, EgressIsWhatInterfacesAndNatGatewaysShowOutside) {
  model::Snapshot world = test::world();
  add_interface(world, "eni-1", kHome, {ip("10.0.1.4")}, {});
  add_address(world, "eipalloc-1", "198.51.100.11", "eni-1");
  add_address(world, "eipalloc-2", "198.51.100.12", "");       // free
  add_address(world, "eipalloc-3", "198.51.100.13", "eni-9");  // of one that is gone
  add_address(world, "eipalloc-4", "198.51.100.14", "");
  model::NatGateway gateway;
  gateway.id = model::NatGatewayId("nat-1");
  gateway.vpc = kOther;
  gateway.allocations = {model::AllocationId("eipalloc-4"), model::AllocationId("eipalloc-9")};
  test::put(world, std::move(gateway));
  world = derived(std::move(world));
  EXPECT_THAT(world.find_vpc(kHome)->egress_addresses, ElementsAre(ip("198.51.100.11")));
  EXPECT_THAT(world.find_vpc(kOther)->egress_addresses, ElementsAre(ip("198.51.100.14")));
}

TEST(Derive, MembersAreTheAddressesOfInterfaces) {
  model::Snapshot world = test::world();
  add_interface(world, "eni-1", kHome, {ip("10.0.1.4"), ip("2001:db8::4")}, {test::kPeers, test::kExtraGroup});
  add_interface(world, "eni-2", kHome, {ip("10.0.1.5")}, {test::kPeers});
  world = derived(std::move(world));
  EXPECT_THAT(world.find_security_group(test::kPeers)->members,
              UnorderedElementsAre(ip("10.0.1.4"), ip("2001:db8::4"), ip("10.0.1.5")));
  EXPECT_THAT(world.find_security_group(test::kExtraGroup)->members,
              UnorderedElementsAre(ip("10.0.1.4"), ip("2001:db8::4")));
  EXPECT_THAT(world.find_security_group(test::kOwnGroup)->members, IsEmpty());
}

TEST(Derive, ConnectedBlocksAreEachGivenOnceAndGoWithWhatJoined) {
  model::Snapshot world = test::three_vpcs();
  test::peer(world, "pcx-1", kHome, kOther);
  test::transit(world, "tgw-1", {});
  test::attach(world, "tgw-attach-1", "tgw-1", kHome);
  test::attach(world, "tgw-attach-2", "tgw-1", kOther);
  test::vpn(world, "vpn-1", "vgw-1", kHome, {"192.168.0.0/16"});
  world = derived(std::move(world));
  EXPECT_THAT(world.find_vpc(kHome)->connected_blocks.entries(),
              ElementsAre(test::cidr("10.9.0.0/16"), test::cidr("192.168.0.0/16")));
  EXPECT_THAT(world.find_vpc(test::kThird)->connected_blocks.entries(), IsEmpty());

  world.objects = {};
  EXPECT_THAT(derived(world).find_vpc(kHome)->connected_blocks.entries(), IsEmpty());
}

TEST(Derive, PeeredVpcsAreThoseOfActivePeerings) {
  model::Snapshot world = test::three_vpcs();
  test::peer(world, "pcx-1", kHome, kOther);
  test::peer(world, "pcx-2", test::kThird, kHome, false);
  world = derived(std::move(world));
  EXPECT_THAT(world.find_vpc(kHome)->peered_vpcs, ElementsAre(kOther));
  EXPECT_THAT(world.find_vpc(kOther)->peered_vpcs, ElementsAre(kHome));
  EXPECT_THAT(world.find_vpc(test::kThird)->peered_vpcs, IsEmpty());

  world.objects = {};
  EXPECT_THAT(derived(world).find_vpc(kHome)->peered_vpcs, IsEmpty());
}

TEST(Derive, MoreConnectedBlocksThanTheLimitIsRefused) {
  model::Snapshot world = test::three_vpcs();
  // Each black hole of one address cuts the default route into some sixteen more pieces.
  std::vector<std::pair<std::string, std::string>> routes = {{"0.0.0.0/0", "tgw-attach-2"}};
  for (int i = 0; i < 500; ++i)
    routes.emplace_back(std::to_string(100 + i % 2) + "." + std::to_string(i / 2) + ".0.1/32", "");
  test::transit(world, "tgw-1", routes);
  test::attach(world, "tgw-attach-1", "tgw-1", kHome);
  test::attach_vpn(world, "tgw-attach-2", "tgw-1", "vpn-1");
  const auto refused = derive(world);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kLimitExceeded);
  EXPECT_THAT(refused.error().message, testing::AllOf(testing::HasSubstr(kHome.str()), testing::HasSubstr("4096")));

  routes.resize(100);
  test::transit(world, "tgw-1", routes);
  EXPECT_TRUE(derive(world));
}

}  // namespace
}  // namespace sallyport::policy
