#include "control/network_rules.h"

#include "control/network_state.h"
#include "control/test_world.h"

namespace sallyport::control {
namespace {

using namespace test;
using base::ErrorKind;
using testing::AllOf;
using testing::HasSubstr;

const model::VpcId kHome("vpc-home");
const model::VpcId kOther("vpc-other");
const model::SubnetId kListening("subnet-listening");
const model::SecurityGroupId kOld("sg-old");
const model::SecurityGroupId kNew("sg-new");

model::Vpc vpc(const model::VpcId& id, const char* block) {
  model::Vpc made;
  made.id = id;
  made.cidr_blocks = {cidr(block)};
  return made;
}

model::Subnet subnet(const char* id, const model::VpcId& in, const char* block) {
  model::Subnet made;
  made.id = model::SubnetId(id);
  made.vpc = in;
  made.cidr_block = cidr(block);
  return made;
}

model::Cluster cluster_in(const model::VpcId& home) {
  model::Cluster made;
  made.name = model::ClusterName("prod");
  made.status = model::ClusterStatus::kActive;
  made.vpc_config.vpc = home;
  return made;
}

// A private listener and a resolver in one VPC, beside a second that is elsewhere.
class NetworkRules : public testing::Test {
 protected:
  NetworkRules() {
    settings_ = settings();
    settings_.listeners = {listener(model::Listener::Side::kPublic, "203.0.113.10:443"),
                           listener(model::Listener::Side::kPrivate, "10.0.1.10:443")};
    settings_.resolvers = {base::SocketAddress::parse("10.0.0.2:53").value()};
    inventory_.vpcs = {vpc(kHome, "10.0.0.0/16"), vpc(kOther, "10.9.0.0/16")};
    inventory_.subnets = {subnet(kListening.str().c_str(), kHome, "10.0.1.0/24")};
  }

  State state() {
    return State({.region = settings_.region, .zone = settings_.zone, .pools = {}, .listeners = settings_.listeners},
                 inventory_, updates_);
  }
  base::Status check(const store::Transaction& transaction) {
    const State present = state();
    return check_network_change(present, network_after(present.world(), transaction), transaction, settings_);
  }
  base::Status put(store::Entity entity) {
    store::Transaction transaction;
    transaction.puts.push_back(std::move(entity));
    return check(transaction);
  }
  base::Status erase(store::EntityId id) {
    store::Transaction transaction;
    transaction.erases.push_back(std::move(id));
    return check(transaction);
  }

  Settings settings_;
  store::Inventory inventory_;
  std::vector<model::Update> updates_;
};

TEST_F(NetworkRules, APrivateListenerLiesInOneSubnet) {
  EXPECT_TRUE(put(subnet("subnet-2", kOther, "10.0.2.0/24")));
  const auto refused = put(subnet("subnet-2", kOther, "10.0.1.0/28"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidParameter);
  EXPECT_EQ(refused.error().field, "CidrBlock");
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr("10.0.1.10:443"), HasSubstr(kListening.str()), HasSubstr(kHome.str())));

  settings_.listeners[1].subnet = kListening;
  EXPECT_TRUE(put(subnet("subnet-2", kOther, "10.0.1.0/28"))) << "the configuration says which is meant";
}

TEST_F(NetworkRules, APrivateListenerWithoutAPlaceMayComeToOne) {
  inventory_.subnets.clear();
  EXPECT_TRUE(put(subnet("subnet-2", kHome, "10.0.1.0/24")));
}

TEST_F(NetworkRules, TheSubnetOfAPrivateListenerStaysWhileAClusterNeedsIt) {
  EXPECT_TRUE(erase(kListening)) << "nobody is reached by it";
  inventory_.clusters = {cluster_in(kOther)};
  EXPECT_TRUE(erase(kListening));
  inventory_.clusters = {cluster_in(kHome)};
  const auto refused = erase(kListening);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInUse);
  EXPECT_THAT(refused.error().message,
              AllOf(HasSubstr("10.0.1.10:443"), HasSubstr(kListening.str()), HasSubstr("cluster prod")));
}

TEST_F(NetworkRules, AResolverLiesInOneVpc) {
  EXPECT_TRUE(put(vpc(model::VpcId("vpc-third"), "10.8.0.0/16")));
  const auto refused = put(vpc(model::VpcId("vpc-third"), "10.0.0.0/24"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidParameter);
  EXPECT_EQ(refused.error().field, "CidrBlock");
  EXPECT_THAT(refused.error().message, AllOf(HasSubstr("10.0.0.2:53"), HasSubstr(kHome.str())));

  model::Vpc grown = vpc(kOther, "10.9.0.0/16");
  grown.cidr_blocks.push_back(cidr("10.0.0.0/24"));
  EXPECT_FALSE(put(grown)) << "a block added to a VPC";

  settings_.resolvers.clear();  // each has its VPC in the configuration
  EXPECT_TRUE(put(vpc(model::VpcId("vpc-third"), "10.0.0.0/24")));
}

TEST_F(NetworkRules, AResolverThatAlreadyAnswersForNoneHindersNothing) {
  inventory_.vpcs.push_back(vpc(model::VpcId("vpc-third"), "10.0.0.0/24"));
  EXPECT_TRUE(put(vpc(model::VpcId("vpc-fourth"), "10.0.0.0/24")));
  EXPECT_TRUE(erase(model::VpcId("vpc-third")));
}

TEST_F(NetworkRules, WhatAnUpdateInFlightMayEndWithStays) {
  model::VpcConfigChange change;
  change.previous.subnets = {model::SubnetId("subnet-old")};
  change.previous.security_groups = {kOld};
  change.target.subnets = {model::SubnetId("subnet-new")};
  change.target.security_groups = {kNew};
  model::Update update;
  update.id = model::UpdateId("update-1");
  update.cluster = model::ClusterName("prod");
  update.change = change;
  EXPECT_TRUE(erase(kOld));
  updates_ = {update};
  for (const store::EntityId& id :
       {store::EntityId(kOld), store::EntityId(kNew), store::EntityId(model::SubnetId("subnet-old")),
        store::EntityId(model::SubnetId("subnet-new"))}) {
    const auto refused = erase(id);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::kInUse);
    EXPECT_THAT(refused.error().message, AllOf(HasSubstr("update-1"), HasSubstr("cluster prod")));
  }
  EXPECT_TRUE(erase(model::SecurityGroupId("sg-third")));
}

}  // namespace
}  // namespace sallyport::control
