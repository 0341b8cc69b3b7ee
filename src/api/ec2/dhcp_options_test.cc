#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

wire::Pairs option(const std::string& key, const std::string& value) {
  return {{"DhcpConfiguration.1.Key", key}, {"DhcpConfiguration.1.Value.1", value}};
}

TEST(DhcpOptions, OfAVpcSayItsNameServers) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  const std::string usual = ec2.vpc(vpc).dhcp_options.str();
  const std::string own =
      ec2.made("CreateDhcpOptions", "dhcpOptionsId", option("domain-name-servers", "10.0.0.9, AmazonProvidedDNS"));
  ASSERT_TRUE(ec2.call("AssociateDhcpOptions", {{"VpcId", vpc}, {"DhcpOptionsId", own}}).ok());
  EXPECT_THAT(ec2.vpc(vpc).domain_name_servers, ElementsAre("10.0.0.9", "AmazonProvidedDNS"));
  EXPECT_EQ(ec2.call("DeleteDhcpOptions", {{"DhcpOptionsId", own}}).code(), "DependencyViolation");
  ASSERT_TRUE(ec2.call("AssociateDhcpOptions", {{"VpcId", vpc}, {"DhcpOptionsId", "default"}}).ok());
  EXPECT_THAT(ec2.vpc(vpc).domain_name_servers, IsEmpty());
  ASSERT_TRUE(ec2.call("DeleteDhcpOptions", {{"DhcpOptionsId", own}}).ok());
  ASSERT_TRUE(ec2.call("AssociateDhcpOptions", {{"VpcId", vpc}, {"DhcpOptionsId", usual}}).ok());
  EXPECT_THAT(ec2.vpc(vpc).domain_name_servers, ElementsAre("AmazonProvidedDNS"));
  EXPECT_EQ(ec2.call("AssociateDhcpOptions", {{"VpcId", vpc}, {"DhcpOptionsId", own}}).code(),
            "InvalidDhcpOptionID.NotFound");
}

TEST(DhcpOptions, BadOnes) {
  Ec2World ec2;
  EXPECT_EQ(ec2.call("CreateDhcpOptions").code(), "MissingParameter");
  for (const auto& [key, value] : {std::pair("domain-name-servers", "ns.example.com"),
                                   {"domain-name-servers", "1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5"},
                                   {"ntp-servers", "AmazonProvidedDNS"},
                                   {"netbios-node-type", "3"},
                                   {"colour", "red"},
                                   {"ipv6-address-preferred-lease-time", "139"},
                                   {"ipv6-address-preferred-lease-time", "2147483648"},
                                   {"ipv6-address-preferred-lease-time", "1h"},
                                   {"domain-name", ""}}) {
    EXPECT_EQ(ec2.call("CreateDhcpOptions", option(key, value)).code(), "InvalidParameterValue") << key;
  }
  wire::Pairs twice = option("domain-name", "a.example");
  twice.emplace_back("DhcpConfiguration.2.Key", "domain-name");
  twice.emplace_back("DhcpConfiguration.2.Value.1", "b.example");
  EXPECT_EQ(ec2.call("CreateDhcpOptions", twice).code(), "InvalidParameterValue");
}

TEST(DhcpOptions, TextsHaveALimit) {
  Ec2World ec2;
  EXPECT_TRUE(ec2.call("CreateDhcpOptions", option("domain-name", std::string(253, 'd'))).ok());
  const Ec2Answer refused = ec2.call("CreateDhcpOptions", option("domain-name", std::string(254, 'd')));
  EXPECT_EQ(refused.code(), "InvalidParameterValue");
  EXPECT_THAT(refused.message(), testing::HasSubstr("domain-name has at most 253"));
  for (const char* seconds : {"140", "2147483647"})
    EXPECT_TRUE(ec2.call("CreateDhcpOptions", option("ipv6-address-preferred-lease-time", seconds)).ok()) << seconds;
}

TEST(DhcpOptions, AreFoundByKeyAndValue) {
  Ec2World ec2;
  const std::string id = ec2.made("CreateDhcpOptions", "dhcpOptionsId", option("ntp-servers", "10.0.0.8"));
  ec2.make_vpc("10.0.0.0/16");
  EXPECT_THAT(ec2.call("DescribeDhcpOptions", {{"Filter.1.Name", "value"}, {"Filter.1.Value.1", "10.0.*"}})
                  .texts("dhcpOptionsId"),
              ElementsAre(id));
}

}  // namespace
}  // namespace sallyport::api::ec2
