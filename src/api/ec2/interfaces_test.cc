#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::UnorderedElementsAre;

base::IpAddress ip(const std::string& text) { return *base::IpAddress::parse(text); }

class Interfaces : public testing::Test {
 protected:
  Ec2Answer create(wire::Pairs more = {}) {
    more.emplace_back("SubnetId", subnet_);
    return ec2_.call("CreateNetworkInterface", std::move(more));
  }
  std::string made(wire::Pairs more = {}) { return create(std::move(more)).text("networkInterfaceId"); }
  Ec2Answer find(const std::string& filter, const std::string& value) {
    return ec2_.call("DescribeNetworkInterfaces", {{"Filter.1.Name", filter}, {"Filter.1.Value.1", value}});
  }
  // A group of its own, in the VPC or in another.
  std::string add_group(const std::string& vpc, const std::string& id) {
    model::SecurityGroup group;
    group.id = model::SecurityGroupId(id);
    group.vpc = model::VpcId(vpc);
    group.name = id + "-name";
    store::Transaction transaction;
    transaction.puts.emplace_back(group);
    ec2_.commit(std::move(transaction));
    return id;
  }
  std::string available() { return ec2_.call("DescribeSubnets").text("availableIpAddressCount"); }

  Ec2World ec2_;
  std::string vpc_ = ec2_.make_vpc("10.0.0.0/16");
  std::string subnet_ = ec2_.made("CreateSubnet", "subnetId", {{"VpcId", vpc_}, {"CidrBlock", "10.0.1.0/28"}});
};

TEST_F(Interfaces, OneTakesAFreeAddressAndTheDefaultGroup) {
  const Ec2Answer one = create({{"Description", "node 1"}});
  ASSERT_TRUE(one.ok()) << one.message();
  EXPECT_EQ(one.text("privateIpAddress"), "10.0.1.4");
  EXPECT_EQ(one.text("groupId"), ec2_.default_group(vpc_));
  EXPECT_EQ(one.text("groupName"), "default");
  EXPECT_EQ(one.text("status"), "available");
  EXPECT_EQ(one.text("description"), "node 1");
  EXPECT_THAT(one.text("macAddress"), MatchesRegex("02(:[0-9a-f]{2}){5}"));
  EXPECT_EQ(create().text("privateIpAddress"), "10.0.1.5");
  EXPECT_THAT(ec2_.group(ec2_.default_group(vpc_)).members, ElementsAre(ip("10.0.1.4"), ip("10.0.1.5")));
  EXPECT_EQ(available(), "9");
}

TEST_F(Interfaces, AddressesNamedAndChosen) {
  const std::string id = made({{"PrivateIpAddress", "10.0.1.9"},
                               {"PrivateIpAddresses.1.PrivateIpAddress", "10.0.1.4"},
                               {"SecondaryPrivateIpAddressCount", "2"}});
  EXPECT_THAT(ec2_.world().find<model::NetworkInterface>(model::NetworkInterfaceId(id))->addresses,
              ElementsAre(ip("10.0.1.9"), ip("10.0.1.4"), ip("10.0.1.5"), ip("10.0.1.6")));
  const Ec2Answer other = create({{"PrivateIpAddresses.1.PrivateIpAddress", "10.0.1.10"},
                                  {"PrivateIpAddresses.1.Primary", "true"},
                                  {"PrivateIpAddresses.2.PrivateIpAddress", "10.0.1.11"},
                                  {"PrivateIpAddresses.2.Primary", "false"}});
  EXPECT_EQ(other.text("privateIpAddress"), "10.0.1.10");
  EXPECT_THAT(other.texts("primary"), ElementsAre("true", "false"));
}

TEST_F(Interfaces, BadAddresses) {
  made({{"PrivateIpAddress", "10.0.1.9"}});
  const int before = ec2_.commits;
  for (const auto& [address, code] : {std::pair("10.0.1.9", "InvalidIPAddress.InUse"),
                                      {"10.0.1.3", "InvalidParameterValue"},
                                      {"10.0.1.15", "InvalidParameterValue"},
                                      {"10.0.2.9", "InvalidParameterValue"},
                                      {"2001:db8::1", "InvalidParameterValue"},
                                      {"ten", "InvalidParameterValue"}}) {
    EXPECT_EQ(create({{"PrivateIpAddress", address}}).code(), code) << address;
    EXPECT_EQ(create({{"PrivateIpAddresses.1.PrivateIpAddress", address}}).code(), code) << address;
  }
  EXPECT_FALSE(create({{"PrivateIpAddress", "10.0.1.5"}, {"PrivateIpAddresses.1.PrivateIpAddress", "10.0.1.5"}}).ok());
  EXPECT_THAT(create({{"PrivateIpAddress", "10.0.1.5"},
                      {"PrivateIpAddresses.1.PrivateIpAddress", "10.0.1.6"},
                      {"PrivateIpAddresses.1.Primary", "true"}})
                  .message(),
              HasSubstr("one primary"));
  EXPECT_EQ(create({{"SecondaryPrivateIpAddressCount", "10"}}).code(), "InsufficientFreeAddressesInSubnet");
  EXPECT_EQ(create({{"Ipv6Addresses.1.Ipv6Address", "2001:db8::1"}}).code(), "InvalidParameterValue");
  EXPECT_EQ(ec2_.commits, before);
}

TEST_F(Interfaces, Ipv6OfTheVpcsBlocks) {
  ec2_.made("AssociateVpcCidrBlock", "vpcId", {{"VpcId", vpc_}, {"Ipv6CidrBlock", "2001:db8::/56"}});
  const Ec2Answer one = create({{"Ipv6Addresses.1.Ipv6Address", "2001:db8::9"}});
  EXPECT_EQ(one.text("ipv6Address"), "2001:db8::9");
  EXPECT_THAT(ec2_.group(ec2_.default_group(vpc_)).members, UnorderedElementsAre(ip("10.0.1.4"), ip("2001:db8::9")));
  EXPECT_EQ(create({{"Ipv6Addresses.1.Ipv6Address", "2001:db8::9"}}).code(), "InvalidIPAddress.InUse");
}

TEST_F(Interfaces, GroupsAreOfTheSameVpc) {
  add_group(vpc_, "sg-own");
  add_group(ec2_.make_vpc("10.9.0.0/16"), "sg-foreign");
  EXPECT_EQ(create({{"SecurityGroupId.1", "sg-foreign"}}).code(), "InvalidParameter");
  EXPECT_EQ(create({{"SecurityGroupId.1", "sg-none"}}).code(), "InvalidGroup.NotFound");
  const std::string id = made({{"SecurityGroupId.1", "sg-own"}});
  EXPECT_THAT(ec2_.group("sg-own").members, ElementsAre(ip("10.0.1.4")));
  EXPECT_THAT(ec2_.group(ec2_.default_group(vpc_)).members, IsEmpty());

  const std::string other = ec2_.default_group(vpc_);
  const auto modify = [&](const std::string& name, const std::string& value) {
    return ec2_.call("ModifyNetworkInterfaceAttribute", {{"NetworkInterfaceId", id}, {name, value}}).code();
  };
  EXPECT_EQ(modify("SecurityGroupId.1", other), "");
  EXPECT_THAT(ec2_.group("sg-own").members, IsEmpty());
  EXPECT_THAT(ec2_.group(other).members, ElementsAre(ip("10.0.1.4")));
  EXPECT_EQ(modify("SecurityGroupId.1", "sg-foreign"), "InvalidParameter");
  EXPECT_EQ(modify("Description.Value", "new"), "");
  EXPECT_EQ(find("network-interface-id", id).text("description"), "new");
  EXPECT_EQ(modify("SourceDestCheck.Value", "true"), "");
  EXPECT_EQ(modify("DryRun", "false"), "InvalidParameterCombination");
}

TEST_F(Interfaces, ATokenMakesOne) {
  const std::string id = made({{"ClientToken", "t-1"}, {"PrivateIpAddress", "10.0.1.9"}});
  EXPECT_EQ(made({{"ClientToken", "t-1"}, {"PrivateIpAddress", "10.0.1.9"}}), id);
  EXPECT_NE(made({{"ClientToken", "t-2"}}), id);
  const std::string other = ec2_.made("CreateSubnet", "subnetId", {{"VpcId", vpc_}, {"CidrBlock", "10.0.2.0/28"}});
  EXPECT_EQ(ec2_.call("CreateNetworkInterface", {{"SubnetId", other}, {"ClientToken", "t-1"}}).code(),
            "IdempotentParameterMismatch");
}

TEST_F(Interfaces, ATokenWithOtherParametersIsRefused) {
  const std::string group = add_group(vpc_, "sg-own");
  ec2_.made("AssociateVpcCidrBlock", "vpcId", {{"VpcId", vpc_}, {"Ipv6CidrBlock", "2001:db8::/56"}});
  const wire::Pairs usual = {{"ClientToken", "t-1"}, {"PrivateIpAddress", "10.0.1.9"}, {"Description", "node"}};
  const std::string id = made(usual);
  for (const wire::Pairs& more : std::vector<wire::Pairs>{
           {{"SecurityGroupId.1", group}},
           {{"PrivateIpAddresses.1.PrivateIpAddress", "10.0.1.10"}},
           {{"SecondaryPrivateIpAddressCount", "1"}},
           {{"Ipv6Addresses.1.Ipv6Address", "2001:db8::9"}},
           {{"TagSpecification.1.ResourceType", "network-interface"}, {"TagSpecification.1.Tag.1.Key", "k"}}}) {
    wire::Pairs other = usual;
    other.insert(other.end(), more.begin(), more.end());
    const Ec2Answer refused = create(other);
    EXPECT_EQ(refused.code(), "IdempotentParameterMismatch") << more.front().first;
    EXPECT_THAT(refused.message(), HasSubstr(id));
  }
  EXPECT_EQ(create({{"ClientToken", "t-1"}, {"PrivateIpAddress", "10.0.1.9"}}).code(), "IdempotentParameterMismatch");
  EXPECT_EQ(create({{"ClientToken", "t-1"}, {"Description", "node"}}).code(), "IdempotentParameterMismatch");

  wire::Pairs the_same = usual;
  the_same.emplace_back("SecurityGroupId.1", ec2_.default_group(vpc_));
  EXPECT_EQ(made(the_same), id) << "the default group is the one it has";
  ec2_.made("ModifyNetworkInterfaceAttribute", "return", {{"NetworkInterfaceId", id}, {"SecurityGroupId.1", group}});
  EXPECT_EQ(made(usual), id) << "what became of it later does not matter";
}

TEST_F(Interfaces, TextsHaveALimit) {
  const Ec2Answer refused = create({{"Description", std::string(256, 'd')}});
  EXPECT_EQ(refused.code(), "InvalidParameterValue");
  EXPECT_THAT(refused.message(), HasSubstr("Description"));
  EXPECT_TRUE(create({{"Description", std::string(255, 'd')}}).ok());
}

TEST_F(Interfaces, AreFound) {
  const std::string one = made({{"PrivateIpAddress", "10.0.1.9"}, {"SecondaryPrivateIpAddressCount", "1"}});
  made();
  for (const auto& [filter, value] : {std::pair<std::string, std::string>("private-ip-address", "10.0.1.9"),
                                      {"addresses.private-ip-address", "10.0.1.4"},
                                      {"network-interface-id", one}}) {
    EXPECT_THAT(find(filter, value).texts("networkInterfaceId"), ElementsAre(one)) << filter;
  }
  for (const auto& [filter, value] : {std::pair<std::string, std::string>("group-id", ec2_.default_group(vpc_)),
                                      {"group-name", "default"},
                                      {"subnet-id", subnet_},
                                      {"vpc-id", vpc_},
                                      {"status", "available"},
                                      {"availability-zone", "us-east-1a"}}) {
    EXPECT_THAT(find(filter, value).texts("networkInterfaceId"), testing::SizeIs(2)) << filter;
  }
  EXPECT_THAT(find("attachment.instance-id", "*").texts("networkInterfaceId"), IsEmpty());
  EXPECT_EQ(ec2_.call("DescribeNetworkInterfaces", {{"NetworkInterfaceId.1", "eni-0"}}).code(),
            "InvalidNetworkInterfaceID.NotFound");
}

TEST_F(Interfaces, SecondaryAddressesComeAndGo) {
  const std::string one = made();
  const std::string two = made();
  const auto call = [&](const std::string& operation, const std::string& interface, wire::Pairs more) {
    more.emplace_back("NetworkInterfaceId", interface);
    return ec2_.call(operation, std::move(more));
  };
  const Ec2Answer chosen = call("AssignPrivateIpAddresses", one, {{"SecondaryPrivateIpAddressCount", "2"}});
  EXPECT_THAT(chosen.texts("privateIpAddress"), ElementsAre("10.0.1.6", "10.0.1.7"));
  EXPECT_EQ(call("AssignPrivateIpAddresses", two, {{"PrivateIpAddress.1", "10.0.1.6"}}).code(),
            "InvalidIPAddress.InUse");
  ASSERT_TRUE(
      call("AssignPrivateIpAddresses", two,
           {{"PrivateIpAddress.1", "10.0.1.6"}, {"PrivateIpAddress.2", "10.0.1.7"}, {"AllowReassignment", "true"}})
          .ok());
  EXPECT_THAT(find("network-interface-id", one).texts("primary"), ElementsAre("true"));
  EXPECT_THAT(find("network-interface-id", two).texts("primary"), ElementsAre("true", "false", "false"));
  EXPECT_EQ(
      call("AssignPrivateIpAddresses", two, {{"PrivateIpAddress.1", "10.0.1.4"}, {"AllowReassignment", "true"}}).code(),
      "InvalidIPAddress.InUse");  // a primary address stays
  EXPECT_EQ(call("AssignPrivateIpAddresses", two, {}).code(), "InvalidParameterCombination");

  EXPECT_EQ(call("UnassignPrivateIpAddresses", two, {{"PrivateIpAddress.1", "10.0.1.5"}}).code(),
            "InvalidParameterValue");
  ASSERT_TRUE(
      call("UnassignPrivateIpAddresses", two, {{"PrivateIpAddress.1", "10.0.1.6"}, {"PrivateIpAddress.2", "10.0.1.7"}})
          .ok());
  EXPECT_THAT(ec2_.group(ec2_.default_group(vpc_)).members, ElementsAre(ip("10.0.1.4"), ip("10.0.1.5")));
}

TEST_F(Interfaces, DeletedOnesLeaveTheirGroups) {
  const std::string one = made();
  ASSERT_TRUE(ec2_.call("DeleteNetworkInterface", {{"NetworkInterfaceId", one}}).ok());
  EXPECT_THAT(ec2_.group(ec2_.default_group(vpc_)).members, IsEmpty());
  EXPECT_EQ(ec2_.call("DeleteNetworkInterface", {{"NetworkInterfaceId", one}}).code(),
            "InvalidNetworkInterfaceID.NotFound");
}

}  // namespace
}  // namespace sallyport::api::ec2
