#include "policy/resolve.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using test::kHome;
using test::kHost;
using test::kOther;

using Addresses = std::vector<base::IpAddress>;
const Addresses kPublicAddresses = {test::ip("203.0.113.10"), test::ip("2001:db8::10")};
const Addresses kPrivateAddresses = {test::ip("10.0.1.10")};

enum class View { kPublic, kHomeFit, kHomeUnfit, kHomeOff, kOtherVpc };

struct Row {
  bool public_access;
  bool private_access;
  bool legacy;
  View view;
  ResolveStatus status;
  Addresses addresses;
  ResolveReason reason;
};

model::Snapshot world_with(bool public_access, bool private_access, bool legacy) {
  model::Snapshot snapshot = test::world();
  model::Cluster cluster = test::cluster();
  cluster.access.public_access = public_access;
  cluster.access.private_access = private_access;
  cluster.public_resolves_private = !legacy;
  snapshot.put_cluster(cluster);
  return snapshot;
}

template <class Change>
void change_home(model::Snapshot& snapshot, Change change) {
  model::Vpc home = *snapshot.find_vpc(kHome);
  change(home);
  test::put(snapshot.vpcs, home);
}

class ResolveTable : public testing::TestWithParam<Row> {};

TEST_P(ResolveTable, FollowsTheDesign) {
  const Row& row = GetParam();
  model::Snapshot snapshot = world_with(row.public_access, row.private_access, row.legacy);
  if (row.view == View::kHomeUnfit) change_home(snapshot, [](model::Vpc& vpc) { vpc.enable_dns_hostnames = false; });
  if (row.view == View::kHomeOff) change_home(snapshot, [](model::Vpc& vpc) { vpc.enable_dns_support = false; });
  const Vantage vantage = row.view == View::kPublic     ? Vantage::at_public()
                          : row.view == View::kOtherVpc ? Vantage::in_vpc(kOther)
                                                        : Vantage::in_vpc(kHome);
  const Answer answer = resolve(snapshot, kHost, vantage);
  EXPECT_EQ(answer.status, row.status);
  EXPECT_EQ(answer.addresses, row.addresses);
  EXPECT_EQ(to_string(answer.reason), to_string(row.reason));
  EXPECT_EQ(answer.ttl, 60U);
}

constexpr auto kAnswer = ResolveStatus::kAnswer;
const Row kOffRow{true, true, false, View::kHomeOff, ResolveStatus::kRefused, {}, ResolveReason::kVpcDnsDisabled};

Row refused(bool public_access, bool private_access) {
  Row row = kOffRow;
  row.public_access = public_access;
  row.private_access = private_access;
  return row;
}

INSTANTIATE_TEST_SUITE_P(
    PublicOnly, ResolveTable,
    testing::Values(
        Row{true, false, false, View::kPublic, kAnswer, kPublicAddresses, ResolveReason::kPublicAddresses},
        Row{true, false, false, View::kHomeFit, kAnswer, kPublicAddresses, ResolveReason::kPublicAddresses},
        Row{true, false, false, View::kHomeUnfit, kAnswer, kPublicAddresses, ResolveReason::kPublicAddresses},
        Row{true, false, false, View::kOtherVpc, kAnswer, kPublicAddresses, ResolveReason::kPublicAddresses},
        Row{true, false, true, View::kPublic, kAnswer, kPublicAddresses, ResolveReason::kPublicAddresses},
        refused(true, false)));
INSTANTIATE_TEST_SUITE_P(
    PublicAndPrivate, ResolveTable,
    testing::Values(
        Row{true, true, false, View::kPublic, kAnswer, kPublicAddresses, ResolveReason::kPublicAddresses},
        Row{true, true, false, View::kHomeFit, kAnswer, kPrivateAddresses, ResolveReason::kPrivateAddresses},
        Row{true, true, false, View::kHomeUnfit, kAnswer, kPublicAddresses, ResolveReason::kPublicAddressesVpcDnsUnfit},
        Row{true, true, false, View::kOtherVpc, kAnswer, kPublicAddresses, ResolveReason::kPublicAddresses},
        Row{true, true, true, View::kHomeFit, kAnswer, kPrivateAddresses, ResolveReason::kPrivateAddresses},
        refused(true, true)));
INSTANTIATE_TEST_SUITE_P(PrivateOnly, ResolveTable,
                         testing::Values(Row{false, true, false, View::kPublic, kAnswer, kPrivateAddresses,
                                             ResolveReason::kPrivateAddressesFromPublicDns},
                                         Row{false, true, false, View::kHomeFit, kAnswer, kPrivateAddresses,
                                             ResolveReason::kPrivateAddresses},
                                         Row{false, true, false, View::kHomeUnfit, kAnswer, kPrivateAddresses,
                                             ResolveReason::kPrivateAddressesFromPublicDns},
                                         Row{false, true, false, View::kOtherVpc, kAnswer, kPrivateAddresses,
                                             ResolveReason::kPrivateAddressesFromPublicDns},
                                         refused(false, true)));
INSTANTIATE_TEST_SUITE_P(
    LegacyPrivateOnly, ResolveTable,
    testing::Values(
        Row{false, true, true, View::kPublic, ResolveStatus::kNameError, {}, ResolveReason::kLegacyNotInPublicDns},
        Row{false, true, true, View::kHomeFit, kAnswer, kPrivateAddresses, ResolveReason::kPrivateAddresses},
        Row{false, true, true, View::kHomeUnfit, ResolveStatus::kNameError, {}, ResolveReason::kLegacyNotInPublicDns},
        Row{false, true, true, View::kOtherVpc, ResolveStatus::kNameError, {}, ResolveReason::kLegacyNotInPublicDns}));

TEST(VpcDns, IsFitOnlyWithAllThree) {
  const model::Vpc good = test::vpc(kHome, "10.0.0.0/16", "198.51.100.1");
  EXPECT_TRUE(vpc_dns_is_fit(good));
  model::Vpc vpc = good;
  vpc.enable_dns_support = false;
  EXPECT_FALSE(vpc_dns_is_fit(vpc));
  vpc = good;
  vpc.enable_dns_hostnames = false;
  EXPECT_FALSE(vpc_dns_is_fit(vpc));
  vpc = good;
  vpc.domain_name_servers = {"10.0.0.53"};
  EXPECT_FALSE(vpc_dns_is_fit(vpc));
  vpc.domain_name_servers = {"10.0.0.53", model::kAmazonProvidedDns};
  EXPECT_TRUE(vpc_dns_is_fit(vpc));
}

TEST(Resolve, DhcpOptionsWithoutAmazonProvidedDnsMakeTheVpcUnfit) {
  model::Snapshot snapshot = world_with(true, true, false);
  change_home(snapshot, [](model::Vpc& vpc) { vpc.domain_name_servers = {"10.0.0.53"}; });
  EXPECT_EQ(resolve(snapshot, kHost, Vantage::in_vpc(kHome)).reason, ResolveReason::kPublicAddressesVpcDnsUnfit);
}

TEST(Resolve, PrefersListenersInTheClustersSubnetsElseAnyOfItsVpc) {
  model::Snapshot snapshot = world_with(true, true, false);
  model::Cluster cluster = *snapshot.find_cluster(test::kName);
  cluster.vpc_config.subnets = {test::kSubnetB};
  snapshot.put_cluster(cluster);
  EXPECT_EQ(resolve(snapshot, kHost, Vantage::in_vpc(kHome)).addresses, Addresses{test::ip("10.0.2.10")});
  cluster.vpc_config.subnets = {model::SubnetId("subnet-c")};
  snapshot.put_cluster(cluster);
  EXPECT_EQ(resolve(snapshot, kHost, Vantage::in_vpc(kHome)).addresses,
            (Addresses{test::ip("10.0.1.10"), test::ip("10.0.2.10")}));
}

TEST(Resolve, WithoutListenersFallsBackThenSaysNoData) {
  model::Snapshot snapshot = world_with(true, true, false);
  std::erase_if(snapshot.listeners, [](const auto& each) { return each.vpc == kHome; });
  EXPECT_EQ(resolve(snapshot, kHost, Vantage::in_vpc(kHome)).addresses, kPublicAddresses);
  snapshot.listeners.clear();
  for (const Vantage& vantage : {Vantage::at_public(), Vantage::in_vpc(kHome)}) {
    const Answer answer = resolve(snapshot, kHost, vantage);
    EXPECT_EQ(answer.status, ResolveStatus::kNoData);
    EXPECT_EQ(answer.reason, ResolveReason::kNoListener);
  }
}

TEST(Resolve, AnswersAdvertisedAddressesOnce) {
  model::Snapshot snapshot = world_with(true, false, false);
  snapshot.listeners = {test::listener(model::Listener::Side::kPublic, "10.9.0.5:443"),
                        test::listener(model::Listener::Side::kPublic, "10.9.0.6:443")};
  for (model::Listener& listener : snapshot.listeners)
    listener.advertise = test::at("203.0.113.10:443");
  EXPECT_EQ(resolve(snapshot, kHost, Vantage::at_public()).addresses, Addresses{test::ip("203.0.113.10")});
}

TEST(Resolve, IgnoresCaseAndATrailingDot) {
  const model::Snapshot snapshot = test::world();
  EXPECT_EQ(
      resolve(snapshot, "0123456789abcdef0123456789abcdef.GR1.us-east-1.EKS.Sallyport.Internal.", Vantage::at_public())
          .status,
      kAnswer);
}

TEST(Resolve, TellsNamesApart) {
  const model::Snapshot snapshot = test::world();
  struct Case {
    std::string name;
    ResolveStatus status;
    ResolveReason reason;
  };
  for (const Case& each : std::vector<Case>{
           {"eks.sallyport.internal", ResolveStatus::kNoData, ResolveReason::kApex},
           {"US-EAST-1.eks.sallyport.internal.", ResolveStatus::kNoData, ResolveReason::kApex},
           {"gr1.us-east-1.eks.sallyport.internal", ResolveStatus::kNoData, ResolveReason::kApex},
           {"us-west-2.eks.sallyport.internal", ResolveStatus::kNameError, ResolveReason::kUnknownName},
           {"FFFF.gr1.us-east-1.eks.sallyport.internal", ResolveStatus::kNameError, ResolveReason::kUnknownName},
           {"x." + std::string(kHost), ResolveStatus::kNameError, ResolveReason::kUnknownName},
           {".eks.sallyport.internal", ResolveStatus::kNameError, ResolveReason::kUnknownName},
           {"sallyport.internal", ResolveStatus::kNotOurs, ResolveReason::kNotOurZone},
           {"xeks.sallyport.internal", ResolveStatus::kNotOurs, ResolveReason::kNotOurZone},
           {"eks.sallyport.internal.example.com", ResolveStatus::kNotOurs, ResolveReason::kNotOurZone},
           {"", ResolveStatus::kNotOurs, ResolveReason::kNotOurZone},
           {".", ResolveStatus::kNotOurs, ResolveReason::kNotOurZone}}) {
    for (const Vantage& vantage : {Vantage::at_public(), Vantage::in_vpc(kHome)}) {
      const Answer answer = resolve(snapshot, each.name, vantage);
      EXPECT_EQ(answer.status, each.status) << each.name;
      EXPECT_EQ(answer.reason, each.reason) << each.name;
      EXPECT_TRUE(answer.addresses.empty()) << each.name;
    }
  }
}

TEST(Resolve, ADeletedClustersNameIsGone) {
  model::Snapshot snapshot = test::world();
  model::Cluster cluster = test::cluster();
  cluster.status = model::ClusterStatus::kDeleting;
  snapshot.put_cluster(cluster);
  EXPECT_EQ(resolve(snapshot, kHost, Vantage::at_public()).status, ResolveStatus::kNameError);
}

TEST(Resolve, WithoutDnsSupportEveryNameIsRefused) {
  model::Snapshot snapshot = test::world();
  change_home(snapshot, [](model::Vpc& vpc) { vpc.enable_dns_support = false; });
  for (const std::string& name :
       {std::string(kHost), std::string("example.com"), std::string("eks.sallyport.internal")}) {
    EXPECT_EQ(resolve(snapshot, name, Vantage::in_vpc(kHome)).status, ResolveStatus::kRefused) << name;
    EXPECT_NE(resolve(snapshot, name, Vantage::at_public()).status, ResolveStatus::kRefused) << name;
  }
}

TEST(Resolve, AnUnknownVpcIsRefused) {
  const Answer answer = resolve(test::world(), kHost, Vantage::in_vpc(model::VpcId("vpc-none")));
  EXPECT_EQ(answer.status, ResolveStatus::kRefused);
  EXPECT_EQ(answer.reason, ResolveReason::kUnknownVpc);
}

}  // namespace
}  // namespace sallyport::policy
