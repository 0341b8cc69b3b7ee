#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"
#include "base/limits.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

class Subnets : public testing::Test {
 protected:
  Ec2Answer create(const std::string& block, wire::Pairs more = {}) {
    more.emplace_back("VpcId", vpc_);
    more.emplace_back("CidrBlock", block);
    return ec2_.call("CreateSubnet", std::move(more));
  }
  Ec2Answer find(const std::string& filter, const std::string& value) {
    return ec2_.call("DescribeSubnets", {{"Filter.1.Name", filter}, {"Filter.1.Value.1", value}});
  }

  Ec2World ec2_;
  std::string vpc_ = ec2_.make_vpc("10.0.0.0/16");
};

TEST_F(Subnets, OneIsMade) {
  const Ec2Answer made = create("10.0.1.0/24", {{"AvailabilityZone", "us-east-1b"},
                                                {"TagSpecification.1.ResourceType", "subnet"},
                                                {"TagSpecification.1.Tag.1.Key", "Name"}});
  ASSERT_TRUE(made.ok()) << made.message();
  EXPECT_EQ(made.text("vpcId"), vpc_);
  EXPECT_EQ(made.text("availabilityZoneId"), "use1-az2");
  EXPECT_EQ(made.text("availableIpAddressCount"), "251");
  EXPECT_EQ(made.text("mapPublicIpOnLaunch"), "false");
  EXPECT_EQ(made.text("subnetArn"), "arn:aws:ec2:us-east-1:000000000000:subnet/" + made.text("subnetId"));
  EXPECT_EQ(made.text("key"), "Name");
}

TEST_F(Subnets, WithoutAZoneTheyAreSpread) {
  EXPECT_EQ(create("10.0.1.0/24").text("availabilityZone"), "us-east-1a");
  EXPECT_EQ(create("10.0.2.0/24").text("availabilityZone"), "us-east-1b");
  EXPECT_EQ(create("10.0.3.0/24", {{"AvailabilityZoneId", "use1-az1"}}).text("availabilityZone"), "us-east-1a");
  EXPECT_EQ(create("10.0.4.0/24").text("availabilityZone"), "us-east-1c");
}

TEST_F(Subnets, BadBlocks) {
  create("10.0.1.0/24");
  const int before = ec2_.commits;
  EXPECT_EQ(create("10.1.0.0/24").code(), "InvalidSubnet.Range");
  EXPECT_EQ(create("10.0.0.0/15").code(), "InvalidSubnet.Range");
  EXPECT_EQ(create("10.0.0.0/29").code(), "InvalidSubnet.Range");
  EXPECT_EQ(create("2001:db8::/64").code(), "InvalidSubnet.Range");
  EXPECT_EQ(create("10.0.1.128/25").code(), "InvalidSubnet.Conflict");
  EXPECT_EQ(create("10.0.0.0/23").code(), "InvalidSubnet.Conflict");
  EXPECT_EQ(create("10.0.2.1/24").code(), "InvalidParameterValue");
  EXPECT_THAT(create("10.0.2.1/24").message(), HasSubstr("10.0.2.0/24"));
  EXPECT_THAT(create("10.1.0.0/24").message(), HasSubstr("10.0.0.0/16"));
  EXPECT_EQ(ec2_.commits, before);
}

TEST_F(Subnets, BadZonesAndVpcs) {
  EXPECT_THAT(create("10.0.1.0/24", {{"AvailabilityZone", "eu-west-1a"}}).message(),
              HasSubstr("us-east-1c (use1-az3)"));
  EXPECT_EQ(create("10.0.1.0/24", {{"AvailabilityZone", "us-east-1a"}, {"AvailabilityZoneId", "use1-az2"}}).code(),
            "InvalidParameterCombination");
  EXPECT_EQ(ec2_.call("CreateSubnet", {{"VpcId", "vpc-0"}, {"CidrBlock", "10.0.1.0/24"}}).code(),
            "InvalidVpcID.NotFound");
  EXPECT_EQ(ec2_.call("CreateSubnet", {{"VpcId", vpc_}}).code(), "MissingParameter");
}

TEST_F(Subnets, OfAnAddedBlock) {
  ec2_.made("AssociateVpcCidrBlock", "vpcId", {{"VpcId", vpc_}, {"CidrBlock", "10.7.0.0/16"}});
  EXPECT_TRUE(create("10.7.1.0/24").ok());
}

TEST_F(Subnets, AreLimited) {
  for (std::size_t i = 0; i < base::limits::kSubnetsPerVpc; ++i)
    ASSERT_TRUE(create("10.0." + std::to_string(i / 16) + "." + std::to_string(i % 16 * 16) + "/28").ok());
  EXPECT_EQ(create("10.0.255.0/28").code(), "SubnetLimitExceeded");
}

TEST_F(Subnets, AreFound) {
  const std::string one = create("10.0.1.0/24", {{"AvailabilityZone", "us-east-1c"}}).text("subnetId");
  const std::string two = create("10.0.2.0/28", {{"AvailabilityZone", "us-east-1a"}}).text("subnetId");
  for (const auto& [filter, value] : {std::pair<std::string, std::string>("availability-zone", "*c"),
                                      {"availabilityZoneId", "use1-az3"},
                                      {"available-ip-address-count", "251"},
                                      {"cidr", "10.0.1.0/24"},
                                      {"cidr-block", "10.0.1.*"},
                                      {"subnet-id", one},
                                      {"subnet-arn", "*/" + one}}) {
    EXPECT_THAT(find(filter, value).texts("subnetId"), ElementsAre(one)) << filter;
  }
  for (const auto& [filter, value] : {std::pair<std::string, std::string>("vpc-id", vpc_),
                                      {"state", "available"},
                                      {"default-for-az", "false"},
                                      {"map-public-ip-on-launch", "false"},
                                      {"owner-id", "000000000000"},
                                      {"ipv6-native", "false"}}) {
    EXPECT_THAT(find(filter, value).texts("subnetId"), SizeIs(2)) << filter;
  }
  EXPECT_THAT(find("outpost-arn", "*").texts("subnetId"), testing::IsEmpty());
  EXPECT_EQ(find("colour", "red").code(), "InvalidParameterValue");
  EXPECT_EQ(ec2_.call("DescribeSubnets", {{"SubnetId.1", "subnet-0"}}).code(), "InvalidSubnetID.NotFound");
}

TEST_F(Subnets, AttributesAreModified) {
  const std::string id = create("10.0.1.0/24").text("subnetId");
  const auto modify = [&](const std::string& name, const std::string& value) {
    return ec2_.call("ModifySubnetAttribute", {{"SubnetId", id}, {name, value}}).code();
  };
  EXPECT_EQ(modify("MapPublicIpOnLaunch.Value", "true"), "");
  EXPECT_THAT(find("map-public-ip-on-launch", "true").texts("subnetId"), ElementsAre(id));
  EXPECT_EQ(modify("EnableDns64.Value", "false"), "");
  EXPECT_EQ(modify("EnableDns64.Value", "true"), "InvalidParameterValue");
  EXPECT_EQ(modify("PrivateDnsHostnameTypeOnLaunch", "ip-name"), "");
  EXPECT_EQ(modify("PrivateDnsHostnameTypeOnLaunch", "resource-name"), "InvalidParameterValue");
  EXPECT_EQ(modify("DryRun", "false"), "InvalidParameterCombination");
}

TEST_F(Subnets, WhatIsUsedIsNotDeleted) {
  const std::string id = create("10.0.1.0/24").text("subnetId");
  const auto refusal = [&] { return ec2_.call("DeleteSubnet", {{"SubnetId", id}}); };
  const std::string interface = ec2_.made("CreateNetworkInterface", "networkInterfaceId", {{"SubnetId", id}});
  EXPECT_EQ(refusal().code(), "DependencyViolation");
  EXPECT_THAT(refusal().message(), HasSubstr(interface));
  ec2_.made("DeleteNetworkInterface", "return", {{"NetworkInterfaceId", interface}});

  const std::string gateway =
      ec2_.made("CreateNatGateway", "natGatewayId", {{"SubnetId", id}, {"ConnectivityType", "private"}});
  EXPECT_THAT(refusal().message(), HasSubstr(gateway));
  ec2_.made("DeleteNatGateway", "natGatewayId", {{"NatGatewayId", gateway}});

  model::TransitGatewayAttachment attachment;
  attachment.id = model::AttachmentId("tgw-attach-1");
  attachment.vpc = model::VpcId(vpc_);
  attachment.subnets = {model::SubnetId(id)};
  store::Transaction transaction;
  transaction.puts.emplace_back(attachment);
  ec2_.commit(std::move(transaction));
  EXPECT_THAT(refusal().message(), HasSubstr("tgw-attach-1"));

  ec2_.add_cluster("prod", vpc_, {id});
  EXPECT_THAT(refusal().message(), HasSubstr("cluster prod, tgw-attach-1"));
}

TEST_F(Subnets, AnUnusedOneIsDeleted) {
  const std::string id = create("10.0.1.0/24").text("subnetId");
  EXPECT_TRUE(ec2_.call("DeleteSubnet", {{"SubnetId", id}}).ok());
  EXPECT_EQ(ec2_.call("DeleteSubnet", {{"SubnetId", id}}).code(), "InvalidSubnetID.NotFound");
}

TEST_F(Subnets, ADefaultOneIsMadeAgain) {
  const auto create_default = [&](const std::string& zone) {
    return ec2_.call("CreateDefaultSubnet", {{"AvailabilityZone", zone}});
  };
  EXPECT_EQ(create_default("us-east-1b").code(), "DefaultVpcDoesNotExist");
  ec2_.add_default_vpc();
  EXPECT_EQ(create_default("us-east-1b").code(), "DefaultSubnetAlreadyExistsInAvailabilityZone");
  EXPECT_EQ(ec2_.call("CreateDefaultSubnet").code(), "MissingParameter");
  const std::string old = find("cidr", "172.31.16.0/20").text("subnetId");
  ec2_.made("DeleteSubnet", "return", {{"SubnetId", old}});
  const Ec2Answer made = create_default("us-east-1b");
  EXPECT_EQ(made.text("cidrBlock"), "172.31.16.0/20");
  EXPECT_EQ(made.text("defaultForAz"), "true");
  EXPECT_EQ(made.text("mapPublicIpOnLaunch"), "true");
}

}  // namespace
}  // namespace sallyport::api::ec2
