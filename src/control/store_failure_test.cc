#include "control/test_world.h"

namespace sallyport::control {
namespace {

using namespace test;
using base::ErrorKind;
using model::ClusterName;
using model::ClusterStatus;
using model::Revision;
using model::UpdateStatus;
using testing::HasSubstr;
using testing::SizeIs;

const ClusterName kName("c");

GatedStore::Gate failing(const char* why) {
  return [why](store::Store&, const store::Transaction&) -> base::Result<Revision> {
    return base::fail(ErrorKind::kInternal, why);
  };
}

TEST(CommitFailure, CallsAreUnavailableAndChangeNothing) {
  World world;
  world.start();
  const auto before = world.create("c");
  world.store().set_gate(failing("disk full"));
  const auto check = [](const auto& result) {
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable);
    EXPECT_THAT(result.error().message, HasSubstr("disk full"));
  };
  check(world.control().create_cluster(world.create_request("d"), caller()));
  check(world.update("c", {"203.0.113.5/32"}));
  check(world.control().tag_cluster(kName, {{"a", "b"}}, caller()));
  check(world.control().delete_cluster(kName, caller()));
  world.control().report_health(kName, {{"Other", "x", {}}});
  EXPECT_EQ(world.control().describe_cluster(kName), before);
  EXPECT_TRUE(world.is_gone("d"));
  EXPECT_EQ(world.control().status().updates_in_flight, 0U);

  world.store().set_gate(nullptr);
  EXPECT_EQ(world.finished(world.update("c", {"203.0.113.5/32"}).value()).status, UpdateStatus::kSuccessful);
}

TEST(CommitFailure, ThatWasASuccessAfterAllIsFoundOut) {
  World world;
  world.start();
  const auto request = world.create_request("c", "token");
  world.store().set_gate([](store::Store& inner, const store::Transaction& transaction) -> base::Result<Revision> {
    if (auto done = inner.commit(transaction); !done) return done;
    return base::fail(ErrorKind::kInternal, "the answer was lost");
  });
  ASSERT_FALSE(world.control().create_cluster(request, caller()));
  world.store().set_gate(nullptr);
  const auto cluster = world.active("c");

  const auto again = world.control().create_cluster(request, caller());
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(*again, cluster);
  EXPECT_THAT(world.store().load().value().clusters, SizeIs(1));
}

TEST(CommitFailure, OfStepsThatWereStoredLosesNoCount) {
  World world;
  world.start();
  world.create("c");
  world.store().set_gate([](store::Store& inner, const store::Transaction& transaction) -> base::Result<Revision> {
    auto done = inner.commit(transaction);
    const auto* update = transaction.puts.size() == 2 ? std::get_if<model::Update>(&transaction.puts[1]) : nullptr;
    if (done && update != nullptr && update->step != model::UpdateStep::kStored) {
      return base::fail(ErrorKind::kInternal, "the answer was lost");
    }
    return done;
  });
  for (const char* block : {"203.0.113.5/32", "203.0.113.6/32"}) {
    world.gateway().hold();
    const auto update = world.update("c", {block}).value();
    ASSERT_TRUE(eventually([&] { return world.describe(update).step == model::UpdateStep::kPublished; }));
    world.gateway().cut("c", 2, *world.describe(update).revision);
    world.gateway().release();
    const auto done = world.finished(update);
    EXPECT_EQ(done.status, UpdateStatus::kSuccessful);
    EXPECT_EQ(done.connections_cut, 2U);
    EXPECT_TRUE(eventually([&] { return world.is("c", ClusterStatus::kActive); }));
  }
}

TEST(CommitFailure, OfAStepIsRetriedUntilItWorks) {
  World world;
  world.start();
  world.create("c");
  std::atomic<int> left = 3;
  std::atomic<bool> accepted = false;
  world.store().set_gate([&](store::Store& inner, const store::Transaction& transaction) -> base::Result<Revision> {
    if (accepted && left-- > 0) return base::fail(ErrorKind::kInternal, "busy");
    accepted = true;
    return inner.commit(transaction);
  });
  const auto update = world.update("c", {"203.0.113.5/32"});
  ASSERT_TRUE(update);
  EXPECT_EQ(world.finished(*update).status, UpdateStatus::kSuccessful);
  EXPECT_LE(left, 0);
  world.active("c");
}

TEST(Conflict, IsRetriedOnWhatTheOtherWriterLeft) {
  World world;
  world.start();
  world.create("c");
  std::atomic<int> races = 2;
  world.store().set_gate([&](store::Store& inner, const store::Transaction& transaction) {
    if (races-- > 0) {
      auto other = inner.load().value().clusters[0];
      other.tags["race"] = std::to_string(races);
      store::Transaction change;
      change.puts.emplace_back(other);
      EXPECT_TRUE(inner.commit(change));
    }
    return inner.commit(transaction);
  });
  ASSERT_TRUE(world.control().tag_cluster(kName, {{"mine", "x"}}, caller()));
  world.store().set_gate(nullptr);
  const auto tags = world.control().describe_cluster(kName)->tags;
  EXPECT_EQ(tags.at("mine"), "x");
  EXPECT_EQ(tags.at("race"), "0");
  EXPECT_EQ(world.store().load().value().clusters[0].tags, tags);
}

TEST(Conflict, WithoutEndIsUnavailable) {
  World world;
  world.start();
  world.create("c");
  std::atomic<int> attempts = 0;
  world.store().set_gate([&](store::Store&, const store::Transaction&) -> base::Result<Revision> {
    ++attempts;
    return base::fail(ErrorKind::kConflict, "raced");
  });
  const auto result = world.control().tag_cluster(kName, {{"mine", "x"}}, caller());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().kind, ErrorKind::kUnavailable);
  EXPECT_GT(attempts, 1);
  EXPECT_LT(attempts, 100);
  world.store().set_gate(nullptr);
  EXPECT_TRUE(world.control().tag_cluster(kName, {{"mine", "x"}}, caller()));
}

TEST(OtherWriter, ChangesElsewhereAreTakenIn) {
  World world;
  world.start();
  world.create("c");
  model::Vpc other;
  other.id = model::VpcId("vpc-0000000000000000b");
  other.cidr_blocks = {cidr("10.8.0.0/16")};
  store::Transaction change;
  change.puts.emplace_back(other);
  ASSERT_TRUE(world.store().commit(change));
  ASSERT_TRUE(world.control().tag_cluster(kName, {{"a", "1"}}, caller()));
  ASSERT_TRUE(world.control().tag_cluster(kName, {{"a", "2"}}, caller()));
  EXPECT_TRUE(eventually([&] { return world.control().snapshot()->find_vpc(other.id) != nullptr; }));
}

}  // namespace
}  // namespace sallyport::control
