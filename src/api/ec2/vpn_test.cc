#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Vpn : public testing::Test {
 protected:
  std::string customer(const std::string& address = "203.0.113.1") {
    return ec2_.made("CreateCustomerGateway", "customerGatewayId",
                     {{"Type", "ipsec.1"}, {"IpAddress", address}, {"BgpAsn", "65000"}});
  }
  std::string gateway() { return ec2_.made("CreateVpnGateway", "vpnGatewayId", {{"Type", "ipsec.1"}}); }
  wire::Pairs connecting(const std::string& end, bool static_only = true) {
    return {{"Type", "ipsec.1"},
            {"CustomerGatewayId", customer()},
            {end.starts_with("tgw-") ? "TransitGatewayId" : "VpnGatewayId", end},
            {"Options.StaticRoutesOnly", static_only ? "true" : "false"}};
  }
  std::string connect(const std::string& end, bool static_only = true) {
    return ec2_.made("CreateVpnConnection", "vpnConnectionId", connecting(end, static_only));
  }
  // "Create" or "Delete".
  Ec2Answer route(const std::string& verb, const std::string& connection, const std::string& block) {
    return ec2_.call(verb + "VpnConnectionRoute", {{"VpnConnectionId", connection}, {"DestinationCidrBlock", block}});
  }
  Ec2Answer attach(const std::string& verb, const std::string& gateway, const std::string& vpc) {
    return ec2_.call(verb + "VpnGateway", {{"VpnGatewayId", gateway}, {"VpcId", vpc}});
  }
  std::size_t connected(const std::string& vpc) { return ec2_.vpc(vpc).connected_blocks.size(); }

  Ec2World ec2_;
  const std::string one_ = ec2_.make_vpc("10.0.0.0/16");
  const std::string two_ = ec2_.make_vpc("10.9.0.0/16");
};

TEST_F(Vpn, ACustomerGatewayIsMadeOnce) {
  const std::string id = customer();
  EXPECT_EQ(customer(), id) << "an identical request gives the one that is there";
  EXPECT_NE(customer("203.0.113.2"), id);
  const Ec2Answer named = ec2_.call(
      "CreateCustomerGateway",
      {{"Type", "ipsec.1"}, {"PublicIp", "203.0.113.1"}, {"DeviceName", "router"}, {"BgpAsnExtended", "4200000000"}});
  EXPECT_NE(named.text("customerGatewayId"), id);
  EXPECT_EQ(named.text("bgpAsnExtended"), "4200000000");
  EXPECT_EQ(named.text("deviceName"), "router");
  const Ec2Answer found = ec2_.call("DescribeCustomerGateways", {{"Filter.1.Name", "bgp-asn"},
                                                                 {"Filter.1.Value.1", "65000"},
                                                                 {"Filter.2.Name", "ip-address"},
                                                                 {"Filter.2.Value.1", "203.0.113.1"}});
  EXPECT_THAT(found.texts("customerGatewayId"), ElementsAre(id));
  EXPECT_EQ(found.text("state"), "available");
}

TEST_F(Vpn, ADeviceNameHasALimit) {
  const auto named = [&](std::size_t length) {
    return ec2_.call("CreateCustomerGateway",
                     {{"Type", "ipsec.1"}, {"IpAddress", "203.0.113.1"}, {"DeviceName", std::string(length, 'n')}});
  };
  EXPECT_TRUE(named(255).ok());
  EXPECT_EQ(named(256).code(), "InvalidParameterValue");
  EXPECT_THAT(named(256).message(), HasSubstr("DeviceName"));
}

TEST_F(Vpn, ADeletedConnectionIsDescribedForAnHour) {
  const std::string id = connect(gateway());
  const std::string other = connect(gateway());
  ASSERT_TRUE(ec2_.call("DeleteVpnConnection", {{"VpnConnectionId", id}}).ok());
  const auto describe = [&](wire::Pairs more) { return ec2_.call("DescribeVpnConnections", std::move(more)); };
  const Ec2Answer deleted = describe({{"VpnConnectionId.1", id}});
  ASSERT_TRUE(deleted.ok()) << deleted.message();
  EXPECT_THAT(deleted.texts("state"), ElementsAre("deleted"));
  EXPECT_EQ(deleted.text("gatewayAssociationState"), "not-associated");
  EXPECT_THAT(describe({{"VpnConnectionId.1", id}, {"VpnConnectionId.2", other}}).texts("state"),
              testing::UnorderedElementsAre("deleted", "available"));
  EXPECT_THAT(describe({{"VpnConnectionId.1", id}, {"Filter.1.Name", "state"}, {"Filter.1.Value.1", "available"}})
                  .texts("state"),
              IsEmpty());
  EXPECT_THAT(describe({}).texts("vpnConnectionId"), ElementsAre(other)) << "only who names it sees it";
  EXPECT_EQ(route("Create", id, "10.1.0.0/16").code(), "InvalidVpnConnectionID.NotFound");
  EXPECT_EQ(describe({{"VpnConnectionId.1", "vpn-none"}}).code(), "InvalidVpnConnectionID.NotFound");
  ec2_.now += std::chrono::hours(1) + std::chrono::seconds(1);
  EXPECT_EQ(describe({{"VpnConnectionId.1", id}}).code(), "InvalidVpnConnectionID.NotFound");
}

TEST_F(Vpn, ACustomerGatewayNeedsAnAddressAndTheType) {
  const auto refused = [&](wire::Pairs with) { return ec2_.call("CreateCustomerGateway", std::move(with)).code(); };
  EXPECT_EQ(refused({{"IpAddress", "203.0.113.1"}}), "MissingParameter");
  EXPECT_EQ(refused({{"Type", "ipsec.2"}, {"IpAddress", "203.0.113.1"}}), "InvalidParameterValue");
  EXPECT_EQ(refused({{"Type", "ipsec.1"}}), "MissingParameter");
  EXPECT_EQ(refused({{"Type", "ipsec.1"}, {"IpAddress", "203.0.113"}}), "InvalidParameterValue");
  EXPECT_EQ(refused({{"Type", "ipsec.1"}, {"IpAddress", "203.0.113.1"}, {"BgpAsn", "0"}}), "InvalidParameterValue");
  EXPECT_EQ(refused({{"Type", "ipsec.1"}, {"CertificateArn", "arn:aws:acm:x"}}), "InvalidParameterValue");
}

TEST_F(Vpn, AGatewayServesOneVpcAndAVpcHasOneGateway) {
  const std::string first = gateway();
  const std::string second = gateway();
  EXPECT_EQ(attach("Attach", first, one_).text("state"), "attached");
  EXPECT_TRUE(attach("Attach", first, one_).ok()) << "again";
  EXPECT_EQ(attach("Attach", first, two_).code(), "VpnGatewayAttachmentLimitExceeded");
  EXPECT_EQ(attach("Attach", second, one_).code(), "VpnGatewayAttachmentLimitExceeded");
  const Ec2Answer found =
      ec2_.call("DescribeVpnGateways", {{"Filter.1.Name", "attachment.vpc-id"}, {"Filter.1.Value.1", one_}});
  EXPECT_THAT(found.texts("vpnGatewayId"), ElementsAre(first));
  EXPECT_EQ(ec2_.call("DeleteVpnGateway", {{"VpnGatewayId", first}}).code(), "IncorrectState");
  EXPECT_EQ(ec2_.call("DeleteVpc", {{"VpcId", one_}}).code(), "DependencyViolation");
  EXPECT_EQ(attach("Detach", first, two_).code(), "InvalidVpnGatewayAttachment.NotFound");
  EXPECT_TRUE(attach("Detach", first, one_).ok());
  EXPECT_EQ(attach("Detach", first, one_).code(), "InvalidVpnGatewayAttachment.NotFound");
  EXPECT_TRUE(ec2_.call("DeleteVpnGateway", {{"VpnGatewayId", first}}).ok());
  EXPECT_EQ(ec2_.call("DescribeVpnGateways", {{"VpnGatewayId.1", first}}).code(), "InvalidVpnGatewayID.NotFound");
}

TEST_F(Vpn, StaticRoutesJoinTheAttachedVpc) {
  const std::string end = gateway();
  const std::string id = connect(end);
  EXPECT_TRUE(route("Create", id, "192.168.0.0/16").ok());
  EXPECT_EQ(connected(one_), 0U);
  attach("Attach", end, one_);
  EXPECT_EQ(connected(one_), 1U);
  EXPECT_EQ(connected(two_), 0U);
  EXPECT_TRUE(route("Create", id, "172.16.0.0/12").ok());
  EXPECT_TRUE(route("Create", id, "172.16.0.0/12").ok()) << "again";
  EXPECT_EQ(connected(one_), 2U);
  EXPECT_THAT(ec2_.call("DescribeVpnConnections").texts("destinationCidrBlock"),
              ElementsAre("192.168.0.0/16", "172.16.0.0/12"));
  EXPECT_TRUE(route("Delete", id, "172.16.0.0/12").ok());
  EXPECT_EQ(route("Delete", id, "172.16.0.0/12").code(), "InvalidRoute.NotFound");
  EXPECT_EQ(connected(one_), 1U);
  EXPECT_TRUE(ec2_.call("DeleteVpnConnection", {{"VpnConnectionId", id}}).ok());
  EXPECT_EQ(connected(one_), 0U);
  EXPECT_EQ(route("Create", id, "10.1.0.0/16").code(), "InvalidVpnConnectionID.NotFound");
}

TEST_F(Vpn, ThroughATransitGatewayItIsAnAttachment) {
  const std::string transit = ec2_.made("CreateTransitGateway", "transitGatewayId");
  const std::string table = ec2_.call("DescribeTransitGateways").text("associationDefaultRouteTableId");
  const std::string subnet = ec2_.made("CreateSubnet", "subnetId", {{"VpcId", one_}, {"CidrBlock", "10.0.0.0/24"}});
  ec2_.made("CreateTransitGatewayVpcAttachment", "transitGatewayAttachmentId",
            {{"TransitGatewayId", transit}, {"VpcId", one_}, {"SubnetIds.1", subnet}});
  const std::string id = connect(transit, false);
  const Ec2Answer made =
      ec2_.call("DescribeTransitGatewayAttachments", {{"Filter.1.Name", "resource-id"}, {"Filter.1.Value.1", id}});
  EXPECT_EQ(made.text("resourceType"), "vpn");
  const std::string attachment = made.text("transitGatewayAttachmentId");
  EXPECT_TRUE(ec2_.call("CreateTransitGatewayRoute", {{"TransitGatewayRouteTableId", table},
                                                      {"DestinationCidrBlock", "192.168.0.0/16"},
                                                      {"TransitGatewayAttachmentId", attachment}})
                  .ok());
  EXPECT_EQ(connected(one_), 1U);

  const Ec2Answer refused = route("Create", id, "192.168.1.0/24");
  EXPECT_EQ(refused.code(), "InvalidVpnConnection.InvalidType");
  EXPECT_THAT(refused.message(), HasSubstr("CreateTransitGatewayRoute"));
  EXPECT_EQ(ec2_.call("DeleteTransitGatewayVpcAttachment", {{"TransitGatewayAttachmentId", attachment}}).code(),
            "InvalidTransitGatewayAttachmentID.NotFound");
  EXPECT_EQ(ec2_.call("DeleteTransitGateway", {{"TransitGatewayId", transit}}).code(), "IncorrectState");

  EXPECT_TRUE(ec2_.call("DeleteVpnConnection", {{"VpnConnectionId", id}}).ok());
  EXPECT_THAT(ec2_.call("DescribeTransitGatewayAttachments").texts("resourceType"), ElementsAre("vpc"));
  EXPECT_EQ(connected(one_), 0U);
}

TEST_F(Vpn, NoSecretIsTakenOrMadeUp) {
  const std::string end = gateway();
  const Ec2Answer made = ec2_.call("CreateVpnConnection", connecting(end));
  EXPECT_THAT(made.text("customerGatewayConfiguration"), HasSubstr("the operator&apos;s own"));
  EXPECT_THAT(made.xml, Not(HasSubstr("preSharedKey")));
  EXPECT_THAT(made.xml, Not(HasSubstr("outsideIpAddress>")));
  wire::Pairs with_secret = connecting(end);
  with_secret.emplace_back("Options.TunnelOptions.1.PreSharedKey", "hunter2hunter2");
  const Ec2Answer refused = ec2_.call("CreateVpnConnection", with_secret);
  EXPECT_EQ(refused.code(), "InvalidParameterValue");
  EXPECT_THAT(refused.message(), HasSubstr("TunnelOptions"));
  EXPECT_THAT(refused.message(), Not(HasSubstr("hunter2")));
}

TEST_F(Vpn, WithoutStaticRoutesOnlyItTakesNoStaticRoute) {
  const std::string id = connect(gateway(), false);
  const Ec2Answer refused = route("Create", id, "192.168.0.0/16");
  EXPECT_EQ(refused.code(), "InvalidVpnConnection.InvalidType");
  EXPECT_THAT(refused.message(), HasSubstr("StaticRoutesOnly"));
  EXPECT_EQ(ec2_.call("DescribeVpnConnections").text("staticRoutesOnly"), "false");
}

TEST_F(Vpn, AConnectionHasOneEnd) {
  const std::string transit = ec2_.made("CreateTransitGateway", "transitGatewayId");
  wire::Pairs both = connecting(gateway());
  both.emplace_back("TransitGatewayId", transit);
  EXPECT_EQ(ec2_.call("CreateVpnConnection", both).code(), "InvalidParameterCombination");
  EXPECT_EQ(ec2_.call("CreateVpnConnection", {{"Type", "ipsec.1"}, {"CustomerGatewayId", customer()}}).code(),
            "InvalidParameterCombination");
  EXPECT_EQ(ec2_.call("CreateVpnConnection",
                      {{"Type", "ipsec.1"}, {"CustomerGatewayId", "cgw-x"}, {"TransitGatewayId", transit}})
                .code(),
            "InvalidCustomerGatewayID.NotFound");
}

TEST_F(Vpn, GatewaysStayWhileConnected) {
  const std::string end = gateway();
  const std::string id = connect(end);
  const Ec2Answer gateway_refused = ec2_.call("DeleteVpnGateway", {{"VpnGatewayId", end}});
  EXPECT_EQ(gateway_refused.code(), "IncorrectState");
  EXPECT_THAT(gateway_refused.message(), HasSubstr(id));
  EXPECT_EQ(ec2_.call("DeleteCustomerGateway", {{"CustomerGatewayId", customer()}}).code(), "IncorrectState");
  EXPECT_TRUE(ec2_.call("DeleteVpnConnection", {{"VpnConnectionId", id}}).ok());
  EXPECT_TRUE(ec2_.call("DeleteCustomerGateway", {{"CustomerGatewayId", customer()}}).ok());
  EXPECT_TRUE(ec2_.call("DeleteVpnGateway", {{"VpnGatewayId", end}}).ok());
}

}  // namespace
}  // namespace sallyport::api::ec2
