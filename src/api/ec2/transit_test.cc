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
using testing::SizeIs;
using testing::UnorderedElementsAre;

class Transit : public testing::Test {
 protected:
  std::string subnet(const std::string& vpc, const std::string& block, const std::string& zone = "us-east-1a") {
    return ec2_.made("CreateSubnet", "subnetId", {{"VpcId", vpc}, {"CidrBlock", block}, {"AvailabilityZone", zone}});
  }
  wire::Pairs attaching(const std::string& vpc, const std::vector<std::string>& subnets) {
    wire::Pairs parameters = {{"TransitGatewayId", gateway_}, {"VpcId", vpc}};
    for (std::size_t i = 0; i < subnets.size(); ++i)
      parameters.emplace_back("SubnetIds." + std::to_string(i + 1), subnets[i]);
    return parameters;
  }
  std::string attach(const std::string& vpc, const std::string& in) {
    return ec2_.made("CreateTransitGatewayVpcAttachment", "transitGatewayAttachmentId", attaching(vpc, {in}));
  }
  std::size_t connected(const std::string& vpc) { return ec2_.vpc(vpc).connected_blocks.size(); }
  std::vector<std::string> listed(const std::string& operation, const std::string& filter, const std::string& value,
                                  const std::string& element) {
    return ec2_.call(operation, {{"Filter.1.Name", filter}, {"Filter.1.Value.1", value}}).texts(element);
  }

  Ec2World ec2_;
  const std::string one_ = ec2_.make_vpc("10.0.0.0/16");
  const std::string two_ = ec2_.make_vpc("10.9.0.0/16");
  const std::string in_one_ = subnet(one_, "10.0.0.0/24");
  const std::string in_two_ = subnet(two_, "10.9.0.0/24");
  const std::string gateway_ = ec2_.made("CreateTransitGateway", "transitGatewayId", {{"Description", "hub"}});
};

TEST_F(Transit, AGatewayHasOneRouteTable) {
  const Ec2Answer made = ec2_.call("DescribeTransitGateways", {{"TransitGatewayIds.1", gateway_}});
  EXPECT_EQ(made.text("state"), "available");
  EXPECT_EQ(made.text("description"), "hub");
  EXPECT_EQ(made.text("amazonSideAsn"), "64512");
  EXPECT_EQ(made.text("transitGatewayArn"), "arn:aws:ec2:us-east-1:000000000000:transit-gateway/" + gateway_);
  const std::string table = made.text("associationDefaultRouteTableId");
  EXPECT_EQ(made.text("propagationDefaultRouteTableId"), table);
  const Ec2Answer tables = ec2_.call("DescribeTransitGatewayRouteTables", {{"TransitGatewayRouteTableIds.1", table}});
  EXPECT_EQ(tables.text("transitGatewayId"), gateway_);
  EXPECT_THAT(listed("DescribeTransitGatewayRouteTables", "transit-gateway-id", gateway_, "transitGatewayRouteTableId"),
              ElementsAre(table));
  EXPECT_EQ(ec2_.call("DescribeTransitGatewayRouteTables", {{"TransitGatewayRouteTableIds.1", "tgw-rtb-x"}}).code(),
            "InvalidRouteTableID.NotFound");
}

TEST_F(Transit, WhatIsNotServedIsRefusedByName) {
  for (const auto& [name, value] : wire::Pairs{{"DefaultRouteTableAssociation", "disable"},
                                               {"DefaultRouteTablePropagation", "disable"},
                                               {"MulticastSupport", "enable"},
                                               {"DnsSupport", "perhaps"},
                                               {"TransitGatewayCidrBlocks.1", "10.0.0.0/24"},
                                               {"AmazonSideAsn", "65000000"}}) {
    const Ec2Answer refused = ec2_.call("CreateTransitGateway", {{"Options." + name, value}});
    EXPECT_EQ(refused.code(), "InvalidParameterValue") << name;
    EXPECT_THAT(refused.message(), HasSubstr(name.substr(0, 10)));
  }
  const Ec2Answer usual = ec2_.call("CreateTransitGateway", {{"Options.DefaultRouteTableAssociation", "enable"},
                                                             {"Options.DnsSupport", "enable"},
                                                             {"Options.AmazonSideAsn", "4200000000"}});
  EXPECT_EQ(usual.text("amazonSideAsn"), "4200000000");
  EXPECT_EQ(ec2_.call("CreateTransitGateway", {{"Options.Nonsense", "1"}}).code(), "UnknownParameter");
}

TEST_F(Transit, TheDescriptionIsModified) {
  const Ec2Answer changed =
      ec2_.call("ModifyTransitGateway", {{"TransitGatewayId", gateway_}, {"Description", "other"}});
  EXPECT_EQ(changed.text("description"), "other");
  EXPECT_EQ(ec2_.call("DescribeTransitGateways").text("description"), "other");
  EXPECT_EQ(ec2_.call("ModifyTransitGateway",
                      {{"TransitGatewayId", gateway_}, {"Options.DefaultRouteTablePropagation", "disable"}})
                .code(),
            "InvalidParameterValue");
  EXPECT_EQ(ec2_.call("ModifyTransitGateway", {{"TransitGatewayId", "tgw-x"}}).code(),
            "InvalidTransitGatewayID.NotFound");
}

TEST_F(Transit, TheDescriptionHasALimit) {
  const std::string longest(255, 'd');
  const auto create = [&](const std::string& description) {
    return ec2_.call("CreateTransitGateway", {{"Description", description}});
  };
  const auto modify = [&](const std::string& description) {
    return ec2_.call("ModifyTransitGateway", {{"TransitGatewayId", gateway_}, {"Description", description}});
  };
  EXPECT_TRUE(create(longest).ok());
  EXPECT_TRUE(modify(longest).ok());
  for (const Ec2Answer& refused : {create(longest + "d"), modify(longest + "d")}) {
    EXPECT_EQ(refused.code(), "InvalidParameterValue");
    EXPECT_THAT(refused.message(), HasSubstr("Description"));
  }
}

TEST_F(Transit, AttachmentsJoinTheirVpcs) {
  const std::string first = attach(one_, in_one_);
  EXPECT_EQ(connected(one_), 0U);
  const Ec2Answer second = ec2_.call("CreateTransitGatewayVpcAttachment", attaching(two_, {in_two_}));
  EXPECT_EQ(second.text("state"), "available");
  EXPECT_EQ(second.text("subnetIds"), "<item>" + in_two_ + "</item>");
  EXPECT_EQ(connected(one_), 1U);
  EXPECT_EQ(connected(two_), 1U);
  EXPECT_THAT(listed("DescribeTransitGatewayVpcAttachments", "vpc-id", one_, "transitGatewayAttachmentId"),
              ElementsAre(first));
  EXPECT_THAT(listed("DescribeTransitGatewayAttachments", "resource-id", one_, "transitGatewayAttachmentId"),
              ElementsAre(first));
  EXPECT_THAT(listed("DescribeTransitGatewayAttachments", "resource-type", "vpn", "transitGatewayAttachmentId"),
              IsEmpty());
  EXPECT_EQ(ec2_.call("DeleteTransitGatewayVpcAttachment", {{"TransitGatewayAttachmentId", first}}).text("state"),
            "deleting");
  EXPECT_EQ(connected(two_), 0U);
  EXPECT_EQ(ec2_.call("DeleteTransitGatewayVpcAttachment", {{"TransitGatewayAttachmentId", first}}).code(),
            "InvalidTransitGatewayAttachmentID.NotFound");
}

TEST_F(Transit, AnAttachmentIsOfItsVpcsSubnetsOnePerZone) {
  const auto refused = [&](const std::vector<std::string>& subnets) {
    return ec2_.call("CreateTransitGatewayVpcAttachment", attaching(one_, subnets)).code();
  };
  const std::string same_zone = subnet(one_, "10.0.1.0/24");
  EXPECT_EQ(refused({}), "MissingParameter");
  EXPECT_EQ(refused({"subnet-x"}), "InvalidSubnetID.NotFound");
  EXPECT_EQ(refused({in_two_}), "InvalidSubnetID.NotFound");
  EXPECT_EQ(refused({in_one_, same_zone}), "DuplicateSubnetsInSameZone");
  attach(one_, in_one_);
  const Ec2Answer again = ec2_.call("CreateTransitGatewayVpcAttachment", attaching(one_, {in_one_}));
  EXPECT_EQ(again.code(), "DuplicateTransitGatewayAttachment");
  EXPECT_THAT(again.message(), HasSubstr(one_));
}

TEST_F(Transit, SubnetsOfAnAttachmentComeAndGo) {
  const std::string id = attach(one_, in_one_);
  const std::string other = subnet(one_, "10.0.1.0/24", "us-east-1b");
  const auto modify = [&](wire::Pairs with) {
    with.emplace_back("TransitGatewayAttachmentId", id);
    return ec2_.call("ModifyTransitGatewayVpcAttachment", with);
  };
  EXPECT_EQ(modify({{"AddSubnetIds.1", other}}).text("subnetIds"),
            "<item>" + in_one_ + "</item><item>" + other + "</item>");
  EXPECT_EQ(modify({{"RemoveSubnetIds.1", in_one_}}).text("subnetIds"), "<item>" + other + "</item>");
  EXPECT_EQ(modify({{"RemoveSubnetIds.1", in_one_}}).code(), "InvalidSubnetID.NotFound");
  EXPECT_EQ(modify({{"RemoveSubnetIds.1", other}}).code(), "InvalidParameterValue");
  EXPECT_EQ(modify({{"AddSubnetIds.1", in_two_}}).code(), "InvalidSubnetID.NotFound");
  EXPECT_EQ(modify({{"Options.Ipv6Support", "enable"}}).text("ipv6Support"), "enable");
  EXPECT_EQ(modify({{"Options.ApplianceModeSupport", "enable"}}).code(), "InvalidParameterValue");
}

TEST_F(Transit, Ipv6PropagatesWithIpv6Support) {
  EXPECT_TRUE(ec2_.call("AssociateVpcCidrBlock", {{"VpcId", two_}, {"Ipv6CidrBlock", "2001:db8::/56"}}).ok());
  attach(one_, in_one_);
  const std::string id = attach(two_, in_two_);
  EXPECT_EQ(connected(one_), 1U);
  EXPECT_TRUE(ec2_.call("ModifyTransitGatewayVpcAttachment",
                        {{"TransitGatewayAttachmentId", id}, {"Options.Ipv6Support", "enable"}})
                  .ok());
  EXPECT_EQ(connected(one_), 2U);
}

TEST_F(Transit, TagsComeByTheNameThisOperationHasForThem) {
  wire::Pairs with = attaching(one_, {in_one_});
  with.insert(with.end(), {{"TagSpecifications.1.ResourceType", "transit-gateway-attachment"},
                           {"TagSpecifications.1.Tag.1.Key", "Name"},
                           {"TagSpecifications.1.Tag.1.Value", "x"}});
  EXPECT_EQ(ec2_.call("CreateTransitGatewayVpcAttachment", with).text("key"), "Name");
  EXPECT_THAT(listed("DescribeTransitGatewayVpcAttachments", "tag:Name", "x", "vpcId"), ElementsAre(one_));
}

TEST_F(Transit, NothingGoesWhileItIsUsed) {
  const std::string id = attach(one_, in_one_);
  const Ec2Answer refused = ec2_.call("DeleteTransitGateway", {{"TransitGatewayId", gateway_}});
  EXPECT_EQ(refused.code(), "IncorrectState");
  EXPECT_THAT(refused.message(), HasSubstr(id));
  EXPECT_EQ(ec2_.call("DeleteVpc", {{"VpcId", one_}}).code(), "DependencyViolation");
  EXPECT_EQ(ec2_.call("DeleteSubnet", {{"SubnetId", in_one_}}).code(), "DependencyViolation");
  EXPECT_TRUE(ec2_.call("DeleteTransitGatewayVpcAttachment", {{"TransitGatewayAttachmentId", id}}).ok());
  EXPECT_EQ(ec2_.call("DeleteTransitGateway", {{"TransitGatewayId", gateway_}}).text("state"), "deleting");
  EXPECT_EQ(ec2_.call("DescribeTransitGateways", {{"TransitGatewayIds.1", gateway_}}).code(),
            "InvalidTransitGatewayID.NotFound");
}

TEST_F(Transit, AttachmentsAreAssociatedAndPropagate) {
  const std::string first = attach(one_, in_one_);
  const std::string second = attach(two_, in_two_);
  const std::string table = ec2_.call("DescribeTransitGateways").text("associationDefaultRouteTableId");
  const Ec2Answer associations =
      ec2_.call("GetTransitGatewayRouteTableAssociations", {{"TransitGatewayRouteTableId", table}});
  EXPECT_THAT(associations.texts("transitGatewayAttachmentId"), UnorderedElementsAre(first, second));
  EXPECT_EQ(associations.text("state"), "associated");
  const Ec2Answer propagations =
      ec2_.call("GetTransitGatewayRouteTablePropagations",
                {{"TransitGatewayRouteTableId", table}, {"Filter.1.Name", "resource-id"}, {"Filter.1.Value.1", two_}});
  EXPECT_THAT(propagations.texts("transitGatewayAttachmentId"), ElementsAre(second));
  EXPECT_EQ(propagations.text("state"), "enabled");
  EXPECT_EQ(ec2_.call("GetTransitGatewayRouteTableAssociations", {{"TransitGatewayRouteTableId", "tgw-rtb-x"}}).code(),
            "InvalidRouteTableID.NotFound");
}

}  // namespace
}  // namespace sallyport::api::ec2
