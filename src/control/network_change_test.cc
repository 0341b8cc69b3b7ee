#include <future>

#include "base/limits.h"
#include "control/network_state.h"
#include "control/test_world.h"

namespace sallyport::control {
namespace {

using namespace test;
using base::ErrorKind;
using model::Revision;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

using Planned = base::Result<std::optional<store::Transaction>>;

const model::VpcId kSecond("vpc-second");

model::Vpc second_vpc() {
  model::Vpc vpc;
  vpc.id = kSecond;
  vpc.cidr_blocks = {cidr("10.9.0.0/16")};
  return vpc;
}

class ChangeNetwork : public testing::Test {
 protected:
  ChangeNetwork() {
    world_.start();
    first_ = world_.store().load().value().vpcs[0].id;
  }

  store::Transaction putting(store::Entity entity) {
    store::Transaction transaction;
    transaction.puts.push_back(std::move(entity));
    return transaction;
  }
  model::VpcPeering peering() {
    model::VpcPeering made;
    made.id = model::VpcPeeringId("pcx-1");
    made.requester = first_;
    made.accepter = kSecond;
    made.active = true;
    return made;
  }
  base::Status change(const store::Transaction& transaction, const std::string& action = "ec2:Test") {
    return world_.control().change_network([&](const model::Snapshot&) -> Planned { return transaction; }, action,
                                           caller());
  }
  std::vector<model::Cidr> connected_to(const model::VpcId& vpc) {
    return world_.control().snapshot()->find_vpc(vpc)->connected_blocks.entries();
  }
  Revision stored() { return world_.store().load().value().revision; }

  World world_;
  model::VpcId first_;
};

TEST_F(ChangeNetwork, WhatFollowsIsStoredInTheSameRevision) {
  ASSERT_TRUE(change(putting(second_vpc())));
  const Revision before = stored();
  ASSERT_TRUE(change(putting(peering())));
  EXPECT_EQ(stored(), before.next());
  EXPECT_THAT(connected_to(first_), ElementsAre(cidr("10.9.0.0/16")));
  EXPECT_THAT(connected_to(kSecond), ElementsAre(cidr("172.31.0.0/16")));

  store::Transaction erase;
  erase.erases.emplace_back(peering().id);
  ASSERT_TRUE(change(erase));
  EXPECT_THAT(connected_to(first_), IsEmpty());

  // What was stored is what memory has.
  ASSERT_TRUE(change(putting(peering())));
  world_.restart();
  EXPECT_THAT(connected_to(first_), ElementsAre(cidr("10.9.0.0/16")));
}

TEST_F(ChangeNetwork, NothingToDoCommitsNothing) {
  const Revision before = stored();
  const auto plan = [](const model::Snapshot&) -> Planned { return std::nullopt; };
  EXPECT_TRUE(world_.control().change_network(plan, "ec2:Test", caller()));
  EXPECT_EQ(stored(), before);
}

TEST_F(ChangeNetwork, ARefusalOfThePlanIsItsOwn) {
  const Revision before = stored();
  const auto plan = [](const model::Snapshot&) -> Planned { return base::fail(ErrorKind::kInUse, "taken", "vpcId"); };
  const auto refused = world_.control().change_network(plan, "ec2:Test", caller());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInUse);
  EXPECT_EQ(refused.error().message, "taken");
  EXPECT_EQ(stored(), before);
}

TEST_F(ChangeNetwork, TheAuditEventTellsWhoDidWhat) {
  ASSERT_TRUE(change(putting(second_vpc()), "ec2:CreateVpc"));
  const auto events = world_.store().recent_events(1).value();
  ASSERT_THAT(events, SizeIs(1));
  EXPECT_EQ(events[0].action, "ec2:CreateVpc");
  EXPECT_EQ(events[0].principal, caller().principal.str());
  EXPECT_EQ(events[0].source_address, caller().source_address);
  EXPECT_EQ(events[0].request_id, caller().request_id);
}

TEST_F(ChangeNetwork, ReturnsOnceEveryNodeEnforcesIt) {
  world_.dns().hold();
  auto answer = std::async(std::launch::async, [&] { return change(putting(second_vpc())); });
  EXPECT_TRUE(eventually([&] { return world_.dns().held() > 0; }));
  EXPECT_TRUE(eventually([&] { return world_.gateway().enforced() == stored(); }));
  EXPECT_EQ(answer.wait_for(50ms), std::future_status::timeout) << "one node does not enforce it";
  world_.dns().release();
  EXPECT_TRUE(answer.get());
  EXPECT_EQ(world_.dns().enforced(), stored());
}

TEST_F(ChangeNetwork, ALaterRevisionEnforcedEverywhereCounts) {
  world_.gateway().hold();
  auto first = std::async(std::launch::async, [&] { return change(putting(second_vpc())); });
  EXPECT_TRUE(eventually([&] { return world_.gateway().held() > 0; }));
  auto second = std::async(std::launch::async, [&] { return change(putting(peering())); });
  EXPECT_TRUE(eventually([&] { return world_.control().status().stored.value() >= 3; }));
  world_.gateway().release();
  EXPECT_TRUE(first.get());
  EXPECT_TRUE(second.get());
  EXPECT_TRUE(eventually([&] { return world_.gateway().enforced() == stored(); }));
}

TEST(ChangeNetworkTime, ANodeThatNeverAnswersDelaysTheAnswerOnly) {
  Settings with = settings();
  with.acknowledge_time = 50ms;
  World world(with);
  world.start();
  world.gateway().hold();
  const auto plan = [](const model::Snapshot&) -> Planned {
    store::Transaction transaction;
    transaction.puts.emplace_back(second_vpc());
    return transaction;
  };
  EXPECT_TRUE(world.control().change_network(plan, "ec2:CreateVpc", caller()));
  const auto inventory = world.store().load().value();
  EXPECT_THAT(inventory.vpcs, SizeIs(2)) << "the change is stored, and its enforcement goes on";
  EXPECT_LT(world.gateway().enforced(), inventory.revision);
  world.gateway().release();
  EXPECT_TRUE(eventually([&] { return world.gateway().enforced() == inventory.revision; }));
}

TEST_F(ChangeNetwork, ANodeThatFailsDoesNotDelayTheAnswer) {
  world_.gateway().judge([](const model::Snapshot&) { return base::Error{ErrorKind::kInternal, "no memory", ""}; });
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(change(putting(second_vpc())));
  EXPECT_LT(std::chrono::steady_clock::now() - began, base::limits::kNetworkEnforceTime);
  world_.gateway().judge(nullptr);
}

TEST_F(ChangeNetwork, WhatTheRulesRefuseChangesNothing) {
  ASSERT_TRUE(change(putting(second_vpc())));
  const Revision before = stored();
  model::Subnet around;
  around.id = model::SubnetId("subnet-around");
  around.vpc = kSecond;
  around.cidr_block = cidr("172.31.0.0/24");
  const auto refused = change(putting(around));
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("172.31.0.10:443"));
  EXPECT_EQ(stored(), before);
}

TEST_F(ChangeNetwork, ALostRaceIsPlannedAgainOverTheNewState) {
  ASSERT_TRUE(change(putting(second_vpc())));
  // Another writer adds a block to the VPC between plan and commit.
  bool raced = false;
  world_.store().set_gate([&](store::Store& inner, const store::Transaction& transaction) {
    if (!std::exchange(raced, true)) {
      model::Vpc grown = second_vpc();
      grown.cidr_blocks.push_back(cidr("10.10.0.0/16"));
      EXPECT_TRUE(inner.commit(putting(grown)));
    }
    return inner.commit(transaction);
  });
  int plans = 0;
  const auto plan = [&](const model::Snapshot& world) -> Planned {
    ++plans;
    model::Vpc tagged = *world.find_vpc(kSecond);
    tagged.tags["a"] = "b";
    return putting(tagged);
  };
  ASSERT_TRUE(world_.control().change_network(plan, "ec2:CreateTags", caller()));
  world_.store().set_gate(nullptr);
  EXPECT_EQ(plans, 2);
  const model::Vpc after = *world_.control().snapshot()->find_vpc(kSecond);
  EXPECT_EQ(after.tags.at("a"), "b");
  EXPECT_THAT(after.cidr_blocks, SizeIs(2)) << "the other writer's change was lost";
  EXPECT_THAT(world_.store().recent_events(10).value(), SizeIs(2)) << "one event for each change";
}

TEST_F(ChangeNetwork, RacesLostWithoutEndChangeNothing) {
  world_.store().set_gate([](store::Store&, const store::Transaction&) -> base::Result<Revision> {
    return base::fail(ErrorKind::kConflict, "raced");
  });
  const auto lost = change(putting(second_vpc()));
  world_.store().set_gate(nullptr);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().kind, ErrorKind::kUnavailable);
  EXPECT_THAT(lost.error().message, HasSubstr("try again"));
  EXPECT_THAT(world_.store().load().value().vpcs, SizeIs(1));
  ASSERT_TRUE(change(putting(second_vpc())));
}

TEST_F(ChangeNetwork, ReadStateSeesWhatWasChanged) {
  ASSERT_TRUE(change(putting(second_vpc())));
  bool seen = false;
  world_.control().read_state([&](const model::Snapshot& world) { seen = world.find_vpc(kSecond) != nullptr; });
  EXPECT_TRUE(seen);
}

TEST(AddDerived, LooksAtTheNetworkAsTheTransactionLeavesIt) {
  model::Snapshot world;
  put_network(world, second_vpc());
  model::Vpc third = second_vpc();
  third.id = model::VpcId("vpc-third");
  third.cidr_blocks = {cidr("10.8.0.0/16")};
  model::VpcPeering joins;
  joins.id = model::VpcPeeringId("pcx-2");
  joins.requester = third.id;
  joins.accepter = kSecond;
  joins.active = true;

  store::Transaction together;
  together.puts = {third, joins};
  ASSERT_TRUE(add_derived(network_after(world, together), together));
  ASSERT_THAT(together.puts, SizeIs(4)) << "both VPCs again, with what follows";
  for (const store::Entity& entity : together.puts)
    put_network(world, entity);
  EXPECT_THAT(world.find_vpc(third.id)->connected_blocks.entries(), ElementsAre(cidr("10.9.0.0/16")));
  EXPECT_THAT(world.find_vpc(kSecond)->connected_blocks.entries(), ElementsAre(cidr("10.8.0.0/16")));

  store::Transaction nothing;
  ASSERT_TRUE(add_derived(network_after(world, nothing), nothing));
  EXPECT_THAT(nothing.puts, IsEmpty());

  store::Transaction gone;
  gone.erases = {joins.id, third.id};
  ASSERT_TRUE(add_derived(network_after(world, gone), gone));
  ASSERT_THAT(gone.puts, SizeIs(1)) << "an erased VPC is not put again";
  EXPECT_EQ(std::get<model::Vpc>(gone.puts[0]).id, kSecond);
  EXPECT_TRUE(std::get<model::Vpc>(gone.puts[0]).connected_blocks.empty());
}

}  // namespace
}  // namespace sallyport::control
