#include "control/network.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <variant>

namespace sallyport::control {
namespace {

using model::Cidr;
using testing::MatchesRegex;

template <class T>
std::vector<T> all_of_kind(const store::Transaction& transaction) {
  std::vector<T> found;
  for (const store::Entity& entity : transaction.puts) {
    if (const T* value = std::get_if<T>(&entity)) found.push_back(*value);
  }
  return found;
}

store::Transaction made(const Cidr& block) {
  base::SystemEntropy entropy;
  return default_vpc(block, model::Region("eu-west-1"), entropy).value();
}

TEST(DefaultVpc, IsAsOnAws) {
  const store::Transaction transaction = made(Cidr{});
  const auto vpcs = all_of_kind<model::Vpc>(transaction);
  ASSERT_EQ(vpcs.size(), 1U);
  EXPECT_THAT(vpcs[0].id.str(), MatchesRegex("vpc-[0-9a-f]{17}"));
  EXPECT_EQ(vpcs[0].cidr_blocks, std::vector{Cidr::parse("172.31.0.0/16").value()});
  EXPECT_TRUE(vpcs[0].is_default);
  EXPECT_TRUE(vpcs[0].enable_dns_support);
  EXPECT_TRUE(vpcs[0].enable_dns_hostnames);
  EXPECT_EQ(vpcs[0].domain_name_servers, std::vector<std::string>{model::kAmazonProvidedDns});

  const auto subnets = all_of_kind<model::Subnet>(transaction);
  ASSERT_EQ(subnets.size(), 3U);
  EXPECT_EQ(subnets[0].cidr_block.to_string(), "172.31.0.0/20");
  EXPECT_EQ(subnets[1].cidr_block.to_string(), "172.31.16.0/20");
  EXPECT_EQ(subnets[2].cidr_block.to_string(), "172.31.32.0/20");
  EXPECT_EQ(subnets[0].availability_zone, "eu-west-1a");
  EXPECT_EQ(subnets[2].availability_zone, "eu-west-1c");
  for (const auto& subnet : subnets) {
    EXPECT_THAT(subnet.id.str(), MatchesRegex("subnet-[0-9a-f]{17}"));
    EXPECT_EQ(subnet.vpc, vpcs[0].id);
  }

  const auto groups = all_of_kind<model::SecurityGroup>(transaction);
  ASSERT_EQ(groups.size(), 1U);
  EXPECT_EQ(groups[0].name, "default");
  EXPECT_THAT(groups[0].id.str(), MatchesRegex("sg-[0-9a-f]{17}"));
  ASSERT_EQ(groups[0].ingress.size(), 1U);
  EXPECT_EQ(groups[0].ingress[0].source_group, groups[0].id);
  EXPECT_EQ(groups[0].ingress[0].protocol, "-1");
  ASSERT_EQ(transaction.settings.size(), 1U);
}

TEST(DefaultVpc, SubnetsFitAnyBlock) {
  for (const char* text :
       {"10.0.0.0/8", "127.10.0.0/16", "192.168.0.0/18", "192.168.0.0/19", "10.1.2.0/24", "10.1.2.16/28"}) {
    const Cidr whole = Cidr::parse(text).value();
    const auto subnets = all_of_kind<model::Subnet>(made(whole));
    for (std::size_t i = 0; i < subnets.size(); ++i) {
      EXPECT_TRUE(whole.contains(subnets[i].cidr_block)) << text;
      for (std::size_t j = 0; j < i; ++j)
        EXPECT_FALSE(subnets[i].cidr_block.overlaps(subnets[j].cidr_block)) << text;
    }
  }
}

TEST(DefaultVpc, RefusesWhatHoldsNoThreeSubnets) {
  base::SystemEntropy entropy;
  for (const char* text : {"10.0.0.0/29", "10.0.0.1/32", "2001:db8::/32"}) {
    const auto refused = default_vpc(Cidr::parse(text).value(), model::Region("r"), entropy);
    ASSERT_FALSE(refused) << text;
    EXPECT_EQ(refused.error().kind, base::ErrorKind::kInvalidParameter);
  }
}

TEST(ClusterSecurityGroup, AdmitsItselfAndHttpsFromTheVpc) {
  base::SystemEntropy entropy;
  model::Vpc vpc;
  vpc.id = model::VpcId("vpc-1");
  vpc.cidr_blocks = {Cidr::parse("10.0.0.0/16").value(), Cidr::parse("10.9.0.0/16").value()};
  const auto group = cluster_security_group(model::ClusterName("prod"), vpc, entropy);
  EXPECT_THAT(group.name, MatchesRegex("eks-cluster-sg-prod-[0-9]{10}"));
  EXPECT_EQ(group.vpc, vpc.id);
  ASSERT_EQ(group.ingress.size(), 3U);
  EXPECT_EQ(group.ingress[0].source_group, group.id);
  EXPECT_EQ(group.ingress[0].protocol, "-1");
  for (std::size_t i = 0; i < 2; ++i) {
    const auto& rule = group.ingress[i + 1];
    EXPECT_EQ(rule.source_cidr, vpc.cidr_blocks[i]);
    EXPECT_EQ(rule.protocol, "tcp");
    EXPECT_TRUE(rule.admits_tcp(443));
    EXPECT_FALSE(rule.admits_tcp(442));
    EXPECT_FALSE(rule.admits_tcp(444));
  }
}

}  // namespace
}  // namespace sallyport::control
