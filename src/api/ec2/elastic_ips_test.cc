#include "api/ec2/elastic_ips.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

base::IpAddress ip(const std::string& text) { return *base::IpAddress::parse(text); }

class ElasticIps : public testing::Test {
 protected:
  std::string allocate(const std::string& address) {
    return ec2_.made("AllocateAddress", "allocationId", {{"Domain", "vpc"}, {"Address", address}});
  }
  std::string add_interface() {
    return ec2_.made("CreateNetworkInterface", "networkInterfaceId", {{"SubnetId", subnet_}});
  }
  Ec2Answer associate(const std::string& allocation, const std::string& interface, wire::Pairs more = {}) {
    more.emplace_back("AllocationId", allocation);
    more.emplace_back("NetworkInterfaceId", interface);
    return ec2_.call("AssociateAddress", std::move(more));
  }
  const std::set<base::IpAddress>& egress() const { return ec2_.vpc(vpc_).egress_addresses; }

  Ec2World ec2_;
  std::string vpc_ = ec2_.make_vpc("10.0.0.0/16");
  std::string subnet_ = ec2_.made("CreateSubnet", "subnetId", {{"VpcId", vpc_}, {"CidrBlock", "10.0.1.0/24"}});
};

TEST_F(ElasticIps, AreNamedByTheOperator) {
  const Ec2Answer made = ec2_.call("AllocateAddress", {{"Domain", "vpc"}, {"Address", "203.0.113.77"}});
  EXPECT_EQ(made.text("publicIp"), "203.0.113.77");
  EXPECT_THAT(made.text("allocationId"), StartsWith("eipalloc-"));
  EXPECT_EQ(ec2_.call("AllocateAddress", {{"Address", "203.0.113.77"}}).code(), "InvalidIPAddress.InUse");
  for (const char* bad : {"2001:db8::1", "0.1.2.3", "224.0.0.1", "255.255.255.255", "x"})
    EXPECT_EQ(ec2_.call("AllocateAddress", {{"Address", bad}}).code(), "InvalidParameterValue") << bad;
  EXPECT_EQ(ec2_.call("AllocateAddress", {{"Address", "203.0.113.1"}, {"Domain", "standard"}}).code(),
            "InvalidParameterValue");
}

TEST_F(ElasticIps, OrComeFromThePool) {
  const Ec2Answer none = ec2_.call("AllocateAddress");
  EXPECT_EQ(none.code(), "InsufficientAddressCapacity");
  EXPECT_THAT(none.message(), HasSubstr("elastic_ip_pool"));
  EXPECT_THAT(none.message(), HasSubstr("with Address"));
  ec2_.elastic_ip_pool = {model::Cidr::parse("203.0.113.64/31").value(), model::Cidr::parse("198.51.100.7/32").value()};
  allocate("203.0.113.64");
  EXPECT_EQ(ec2_.made("AllocateAddress", "publicIp"), "203.0.113.65");
  EXPECT_EQ(ec2_.made("AllocateAddress", "publicIp"), "198.51.100.7");
  EXPECT_THAT(ec2_.call("AllocateAddress").message(), HasSubstr("is taken"));
}

TEST_F(ElasticIps, AnAssociatedOneIsEgressOfItsVpc) {
  const std::string address = allocate("203.0.113.77");
  EXPECT_THAT(egress(), IsEmpty());
  const std::string interface = add_interface();
  const std::string association = associate(address, interface).text("associationId");
  EXPECT_THAT(association, StartsWith("eipassoc-"));
  EXPECT_THAT(egress(), ElementsAre(ip("203.0.113.77")));
  const Ec2Answer shown = ec2_.call("DescribeAddresses", {{"AllocationId.1", address}});
  EXPECT_EQ(shown.text("networkInterfaceId"), interface);
  EXPECT_EQ(shown.text("privateIpAddress"), "10.0.1.4");
  EXPECT_EQ(shown.text("associationId"), association);
  EXPECT_EQ(ec2_.call("DescribeNetworkInterfaces").text("publicIp"), "203.0.113.77");
  EXPECT_EQ(associate(address, interface).text("associationId"), association);

  EXPECT_EQ(ec2_.call("ReleaseAddress", {{"AllocationId", address}}).code(), "InvalidIPAddress.InUse");
  ASSERT_TRUE(ec2_.call("DisassociateAddress", {{"AssociationId", association}}).ok());
  EXPECT_THAT(egress(), IsEmpty());
  EXPECT_EQ(ec2_.call("DisassociateAddress", {{"AssociationId", association}}).code(), "InvalidAssociationID.NotFound");
  ASSERT_TRUE(ec2_.call("ReleaseAddress", {{"AllocationId", address}}).ok());
  EXPECT_EQ(ec2_.call("ReleaseAddress", {{"AllocationId", address}}).code(), "InvalidAllocationID.NotFound");
}

TEST_F(ElasticIps, AreMovedOnlyWhenAllowed) {
  const std::string first = allocate("203.0.113.77");
  const std::string second = allocate("203.0.113.78");
  const std::string one = add_interface();
  const std::string two = add_interface();
  ASSERT_TRUE(associate(first, one).ok());
  EXPECT_EQ(associate(first, two).code(), "Resource.AlreadyAssociated");
  EXPECT_EQ(associate(second, one).code(), "Resource.AlreadyAssociated");
  ASSERT_TRUE(associate(first, two, {{"AllowReassociation", "true"}}).ok());
  ASSERT_TRUE(associate(second, two, {{"AllowReassociation", "true"}}).ok());
  EXPECT_THAT(egress(), ElementsAre(ip("203.0.113.78")));
  EXPECT_EQ(associate(first, one, {{"PrivateIpAddress", "10.0.1.9"}}).code(), "InvalidParameterValue");
  EXPECT_EQ(associate("eipalloc-0", one).code(), "InvalidAllocationID.NotFound");
  EXPECT_EQ(associate(first, "eni-0").code(), "InvalidNetworkInterfaceID.NotFound");
  EXPECT_EQ(ec2_.call("AssociateAddress", {{"AllocationId", first}, {"InstanceId", "i-1"}}).code(),
            "InvalidInstanceID.NotFound");
}

TEST_F(ElasticIps, StayWhenTheirInterfaceOrAddressGoes) {
  const std::string address = allocate("203.0.113.77");
  const std::string interface = add_interface();
  const std::string second = ec2_.made("AssignPrivateIpAddresses", "privateIpAddress",
                                       {{"NetworkInterfaceId", interface}, {"SecondaryPrivateIpAddressCount", "1"}});
  ASSERT_TRUE(associate(address, interface, {{"PrivateIpAddress", second}}).ok());
  ASSERT_TRUE(
      ec2_.call("UnassignPrivateIpAddresses", {{"NetworkInterfaceId", interface}, {"PrivateIpAddress.1", second}})
          .ok());
  EXPECT_THAT(egress(), IsEmpty());
  ASSERT_TRUE(associate(address, interface).ok());
  ASSERT_TRUE(ec2_.call("DeleteNetworkInterface", {{"NetworkInterfaceId", interface}}).ok());
  EXPECT_THAT(egress(), IsEmpty());
  EXPECT_EQ(ec2_.call("DescribeAddresses").text("associationId"), "");
}

TEST_F(ElasticIps, AreFound) {
  const std::string one = allocate("203.0.113.77");
  const std::string two = allocate("203.0.113.78");
  const std::string interface = add_interface();
  associate(two, interface);
  EXPECT_THAT(ec2_.call("DescribeAddresses", {{"PublicIp.1", "203.0.113.77"}}).texts("allocationId"), ElementsAre(one));
  EXPECT_EQ(ec2_.call("DescribeAddresses", {{"PublicIp.1", "203.0.113.79"}}).code(), "InvalidAddress.NotFound");
  EXPECT_EQ(ec2_.call("DescribeAddresses", {{"AllocationId.1", "eipalloc-0"}}).code(), "InvalidAllocationID.NotFound");
  for (const auto& [filter, value] : {std::pair<std::string, std::string>("network-interface-id", interface),
                                      {"private-ip-address", "10.0.1.4"},
                                      {"association-id", "*"},
                                      {"public-ip", "*.78"}}) {
    EXPECT_THAT(
        ec2_.call("DescribeAddresses", {{"Filter.1.Name", filter}, {"Filter.1.Value.1", value}}).texts("allocationId"),
        ElementsAre(two))
        << filter;
  }
  EXPECT_TRUE(ec2_.call("DescribeAddressesAttribute", {{"AllocationId.1", one}, {"Attribute", "domain-name"}}).ok());
}

TEST_F(ElasticIps, NatGatewaysGoOutByOne) {
  const std::string address = allocate("203.0.113.77");
  const wire::Pairs parameters{{"SubnetId", subnet_}, {"AllocationId", address}, {"ClientToken", "t"}};
  const Ec2Answer made = ec2_.call("CreateNatGateway", parameters);
  ASSERT_TRUE(made.ok()) << made.message();
  EXPECT_EQ(made.text("state"), "available");
  EXPECT_EQ(made.text("publicIp"), "203.0.113.77");
  EXPECT_EQ(made.text("privateIp"), "10.0.1.4");
  EXPECT_EQ(made.text("createTime"), "2025-11-24T16:00:00.000Z");
  EXPECT_EQ(made.text("clientToken"), "t");
  const std::string gateway = made.text("natGatewayId");
  EXPECT_THAT(egress(), ElementsAre(ip("203.0.113.77")));
  EXPECT_EQ(ec2_.made("CreateNatGateway", "natGatewayId", parameters), gateway);
  wire::Pairs elsewhere = parameters;
  elsewhere.emplace_back("PrivateIpAddress", "10.0.1.9");
  EXPECT_EQ(ec2_.call("CreateNatGateway", elsewhere).code(), "IdempotentParameterMismatch");
  EXPECT_EQ(
      ec2_.call("CreateNatGateway", {{"SubnetId", subnet_}, {"ConnectivityType", "private"}, {"ClientToken", "t"}})
          .code(),
      "IdempotentParameterMismatch");
  EXPECT_EQ(ec2_.call("CreateNatGateway", {{"SubnetId", subnet_}, {"AllocationId", address}}).code(),
            "Resource.AlreadyAssociated");

  EXPECT_EQ(ec2_.call("ReleaseAddress", {{"AllocationId", address}}).code(), "InvalidIPAddress.InUse");
  EXPECT_EQ(associate(address, add_interface(), {{"AllowReassociation", "true"}}).code(), "Resource.AlreadyAssociated");
  const std::string association = ec2_.call("DescribeAddresses").text("associationId");
  EXPECT_EQ(ec2_.call("DisassociateAddress", {{"AssociationId", association}}).code(), "OperationNotPermitted");
  EXPECT_EQ(ec2_.call("DescribeNatGateways").text("associationId"), association);

  EXPECT_EQ(ec2_.made("DeleteNatGateway", "natGatewayId", {{"NatGatewayId", gateway}}), gateway);
  EXPECT_THAT(egress(), IsEmpty());
  EXPECT_EQ(ec2_.call("DescribeNatGateways", {{"NatGatewayId.1", gateway}}).code(), "NatGatewayNotFound");
  EXPECT_EQ(ec2_.call("DeleteNatGateway", {{"NatGatewayId", gateway}}).code(), "NatGatewayNotFound");
  EXPECT_TRUE(ec2_.call("ReleaseAddress", {{"AllocationId", address}}).ok());
}

TEST_F(ElasticIps, BadNatGateways) {
  const std::string address = allocate("203.0.113.77");
  const auto code = [&](wire::Pairs parameters) { return ec2_.call("CreateNatGateway", std::move(parameters)).code(); };
  EXPECT_EQ(code({{"SubnetId", subnet_}}), "MissingParameter");
  EXPECT_EQ(code({{"SubnetId", "subnet-0"}, {"AllocationId", address}}), "InvalidSubnetID.NotFound");
  EXPECT_EQ(code({{"SubnetId", subnet_}, {"AllocationId", "eipalloc-0"}}), "InvalidElasticIpID.NotFound");
  EXPECT_EQ(code({{"SubnetId", subnet_}, {"AllocationId", address}, {"ConnectivityType", "private"}}),
            "InvalidParameterCombination");
  EXPECT_EQ(code({{"SubnetId", subnet_}, {"ConnectivityType", "colour"}}), "InvalidParameterValue");
  EXPECT_EQ(code({{"SubnetId", subnet_}, {"ConnectivityType", "private"}, {"PrivateIpAddress", "10.0.2.9"}}),
            "InvalidParameterValue");
  const std::string interface = add_interface();
  EXPECT_EQ(code({{"SubnetId", subnet_}, {"ConnectivityType", "private"}, {"PrivateIpAddress", "10.0.1.4"}}),
            "InvalidIPAddress.InUse");
  ASSERT_TRUE(associate(address, interface).ok());
  EXPECT_EQ(code({{"SubnetId", subnet_}, {"AllocationId", address}}), "Resource.AlreadyAssociated");
  EXPECT_EQ(ec2_.made("CreateNatGateway", "connectivityType", {{"SubnetId", subnet_}, {"ConnectivityType", "private"}}),
            "private");
  EXPECT_THAT(
      ec2_.call("DescribeNatGateways", {{"Filter.1.Name", "vpc-id"}, {"Filter.1.Value.1", vpc_}}).texts("privateIp"),
      ElementsAre("10.0.1.5"));
}

}  // namespace
}  // namespace sallyport::api::ec2
