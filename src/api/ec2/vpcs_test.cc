#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

TEST(Vpcs, OneIsMadeWithItsGroupAndUsualOptions) {
  Ec2World ec2;
  const Ec2Answer made = ec2.call("CreateVpc", {{"CidrBlock", "10.0.0.0/16"},
                                                {"TagSpecification.1.ResourceType", "vpc"},
                                                {"TagSpecification.1.Tag.1.Key", "Name"},
                                                {"TagSpecification.1.Tag.1.Value", "a<b"}});
  ASSERT_TRUE(made.ok()) << made.message();
  EXPECT_EQ(made.text("cidrBlock"), "10.0.0.0/16");
  EXPECT_EQ(made.text("isDefault"), "false");
  EXPECT_EQ(made.text("state"), "available");
  EXPECT_EQ(made.text("tagSet"), "<item><key>Name</key><value>a&lt;b</value></item>");
  const std::string vpc = made.text("vpcId");
  EXPECT_THAT(ec2.vpc(vpc).domain_name_servers, ElementsAre("AmazonProvidedDNS"));
  EXPECT_EQ(ec2.group(ec2.default_group(vpc)).ingress.size(), 1U);
  ec2.make_vpc("10.0.0.0/16");  // VPCs may overlap
  EXPECT_THAT(ec2.world().all<model::DhcpOptions>(), SizeIs(1));
}

TEST(Vpcs, AUsersEqualOptionsStayTheUsers) {
  Ec2World ec2;
  const std::string own = ec2.made("CreateDhcpOptions", "dhcpOptionsId",
                                   {{"DhcpConfiguration.1.Key", "domain-name"},
                                    {"DhcpConfiguration.1.Value.1", "ec2.internal"},
                                    {"DhcpConfiguration.2.Key", "domain-name-servers"},
                                    {"DhcpConfiguration.2.Value.1", "AmazonProvidedDNS"}});
  const std::string usual = ec2.vpc(ec2.make_vpc("10.0.0.0/16")).dhcp_options.str();
  EXPECT_NE(usual, own);
  EXPECT_EQ(ec2.vpc(ec2.make_vpc("10.1.0.0/16")).dhcp_options.str(), usual);
  EXPECT_TRUE(ec2.call("DeleteDhcpOptions", {{"DhcpOptionsId", own}}).ok());
}

TEST(Vpcs, TheFirstStartsOptionsAreShared) {
  Ec2World ec2;
  const std::string home = ec2.add_default_vpc();
  EXPECT_EQ(ec2.vpc(ec2.make_vpc("10.0.0.0/16")).dhcp_options, ec2.vpc(home).dhcp_options);
}

TEST(Vpcs, BadBlocks) {
  Ec2World ec2;
  for (const auto& [block, code] : {std::pair("10.0.0.0/15", "InvalidVpc.Range"),
                                    {"10.0.0.0/29", "InvalidVpc.Range"},
                                    {"2001:db8::/56", "InvalidVpc.Range"},
                                    {"10.0.0.1/16", "InvalidParameterValue"},
                                    {"ten", "InvalidParameterValue"},
                                    {"", "MissingParameter"}}) {
    EXPECT_EQ(ec2.call("CreateVpc", {{"CidrBlock", block}}).code(), code) << block;
  }
}

TEST(Vpcs, AttributesAreChangedOneAtATime) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  ASSERT_TRUE(ec2.call("ModifyVpcAttribute", {{"VpcId", vpc}, {"EnableDnsHostnames.Value", "true"}}).ok());
  ASSERT_TRUE(ec2.call("ModifyVpcAttribute", {{"VpcId", vpc}, {"EnableDnsSupport.Value", "false"}}).ok());
  EXPECT_TRUE(ec2.vpc(vpc).enable_dns_hostnames);
  EXPECT_FALSE(ec2.vpc(vpc).enable_dns_support);
  EXPECT_EQ(ec2.made("DescribeVpcAttribute", "value", {{"VpcId", vpc}, {"Attribute", "enableDnsSupport"}}), "false");
  EXPECT_EQ(ec2.call("ModifyVpcAttribute",
                     {{"VpcId", vpc}, {"EnableDnsHostnames.Value", "true"}, {"EnableDnsSupport.Value", "true"}})
                .code(),
            "InvalidParameterCombination");
  EXPECT_EQ(ec2.call("DescribeVpcAttribute", {{"VpcId", vpc}, {"Attribute", "colour"}}).code(),
            "InvalidParameterValue");
}

TEST(Vpcs, WhatIsUsedIsNotDeleted) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  const std::string subnet = ec2.made("CreateSubnet", "subnetId", {{"VpcId", vpc}, {"CidrBlock", "10.0.0.0/24"}});
  ec2.add_cluster("prod", vpc, {subnet});
  const Ec2Answer refused = ec2.call("DeleteVpc", {{"VpcId", vpc}});
  EXPECT_EQ(refused.code(), "DependencyViolation");
  EXPECT_THAT(refused.message(), HasSubstr("cluster prod"));
  EXPECT_THAT(refused.message(), HasSubstr(subnet));
}

TEST(Vpcs, OneGoesWithItsGroup) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  ASSERT_TRUE(ec2.call("DeleteVpc", {{"VpcId", vpc}}).ok());
  EXPECT_TRUE(ec2.world().vpcs.empty());
  EXPECT_TRUE(ec2.world().security_groups.empty());
  EXPECT_EQ(ec2.call("DeleteVpc", {{"VpcId", vpc}}).code(), "InvalidVpcID.NotFound");
}

TEST(Vpcs, TheDefaultOneIsMadeAgain) {
  Ec2World ec2;
  const std::string first = ec2.add_default_vpc();
  EXPECT_EQ(ec2.call("CreateDefaultVpc").code(), "DefaultVpcAlreadyExists");
  for (const std::string& subnet : ec2.call("DescribeSubnets").texts("subnetId"))
    ASSERT_TRUE(ec2.call("DeleteSubnet", {{"SubnetId", subnet}}).ok());
  ASSERT_TRUE(ec2.call("DeleteVpc", {{"VpcId", first}}).ok());
  const Ec2Answer made = ec2.call("CreateDefaultVpc");
  ASSERT_TRUE(made.ok()) << made.message();
  EXPECT_EQ(made.text("isDefault"), "true");
  EXPECT_EQ(made.text("cidrBlock"), "172.31.0.0/16");
  EXPECT_TRUE(ec2.vpc(made.text("vpcId")).enable_dns_hostnames);
  EXPECT_THAT(ec2.call("DescribeSubnets").texts("subnetId"), SizeIs(3));
  EXPECT_THAT(ec2.world().all<model::DhcpOptions>(), SizeIs(1));
  EXPECT_THAT(ec2.world().security_groups, SizeIs(1));
}

TEST(VpcBlocks, AreAddedAndTakenOff) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  const auto associate = [&](const std::string& block) {
    return ec2.call("AssociateVpcCidrBlock", {{"VpcId", vpc}, {"CidrBlock", block}});
  };
  const std::string id = associate("10.1.0.0/16").text("associationId");
  EXPECT_THAT(id, testing::StartsWith("vpc-cidr-assoc-"));
  EXPECT_EQ(associate("10.1.4.0/24").code(), "CidrConflict");
  ec2.made("CreateSubnet", "subnetId", {{"VpcId", vpc}, {"CidrBlock", "10.1.0.0/24"}});
  EXPECT_EQ(ec2.call("DisassociateVpcCidrBlock", {{"AssociationId", id}}).code(), "DependencyViolation");
  const std::string other = associate("10.2.0.0/16").text("associationId");
  ASSERT_TRUE(ec2.call("DisassociateVpcCidrBlock", {{"AssociationId", other}}).ok());
  EXPECT_THAT(ec2.vpc(vpc).cidr_blocks, SizeIs(2));
  const auto primary = ec2.call("DescribeVpcs").texts("associationId").front();
  EXPECT_EQ(ec2.call("DisassociateVpcCidrBlock", {{"AssociationId", primary}}).code(), "OperationNotPermitted");
  EXPECT_EQ(ec2.call("DisassociateVpcCidrBlock", {{"AssociationId", other}}).code(),
            "InvalidVpcCidrBlockAssociationID.NotFound");
}

TEST(VpcBlocks, StayWhileAnInterfaceHasAnAddressInThem) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  const std::string subnet = ec2.made("CreateSubnet", "subnetId", {{"VpcId", vpc}, {"CidrBlock", "10.0.0.0/24"}});
  const std::string id =
      ec2.call("AssociateVpcCidrBlock", {{"VpcId", vpc}, {"Ipv6CidrBlock", "2001:db8::/56"}}).text("associationId");
  const std::string interface = ec2.made("CreateNetworkInterface", "networkInterfaceId",
                                         {{"SubnetId", subnet}, {"Ipv6Addresses.1.Ipv6Address", "2001:db8::9"}});
  const Ec2Answer refused = ec2.call("DisassociateVpcCidrBlock", {{"AssociationId", id}});
  EXPECT_EQ(refused.code(), "DependencyViolation");
  EXPECT_THAT(refused.message(), HasSubstr(interface));
  ASSERT_TRUE(ec2.call("DeleteNetworkInterface", {{"NetworkInterfaceId", interface}}).ok());
  EXPECT_TRUE(ec2.call("DisassociateVpcCidrBlock", {{"AssociationId", id}}).ok());
}

TEST(VpcBlocks, Ipv6IsShownApart) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  ASSERT_TRUE(ec2.call("AssociateVpcCidrBlock", {{"VpcId", vpc}, {"Ipv6CidrBlock", "2001:db8::/56"}}).ok());
  EXPECT_EQ(ec2.call("DescribeVpcs").text("ipv6CidrBlock"), "2001:db8::/56");
  EXPECT_EQ(ec2.call("AssociateVpcCidrBlock", {{"VpcId", vpc}, {"Ipv6CidrBlock", "2001:db8:1::/64"}}).code(),
            "InvalidParameterValue");
}

}  // namespace
}  // namespace sallyport::api::ec2
