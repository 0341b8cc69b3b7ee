#include "store/store_contract.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/limits.h"
#include "store/test_entities.h"

namespace sallyport::store {
namespace {

using namespace testing_entities;  // NOLINT: the words of these tests
using base::ErrorKind;
using model::ClusterName;
using model::Revision;
using model::UpdateId;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

const ClusterName kBlue("blue");

TEST_P(StoreContract, StartsEmptyAtRevisionZero) {
  const Inventory all = store().load().value();
  EXPECT_EQ(all.revision, Revision(0));
  EXPECT_THAT(all.clusters, IsEmpty());
  EXPECT_THAT(all.vpcs, IsEmpty());
  EXPECT_THAT(all.subnets, IsEmpty());
  EXPECT_THAT(all.security_groups, IsEmpty());
  EXPECT_THAT(store().unfinished_updates().value(), IsEmpty());
  EXPECT_THAT(store().recent_events(10).value(), IsEmpty());
}

TEST_P(StoreContract, EveryCommitTakesTheNextRevision) {
  EXPECT_EQ(store().commit({}), Revision(1));
  EXPECT_EQ(store().commit(puts({cluster("blue")})), Revision(2));
  reopen();
  EXPECT_EQ(store().load()->revision, Revision(2));
  EXPECT_EQ(store().commit({}), Revision(3));
}

TEST_P(StoreContract, KeepsEveryKindOverAReopen) {
  const auto blue = cluster("blue");
  const auto home = vpc("vpc-1");
  const auto part = subnet("subnet-1", "vpc-1");
  const auto members = group("sg-1", "vpc-1");
  const auto change = update("blue", "u1", "token");
  ASSERT_TRUE(store().commit(puts({home, part, members, blue, change})));
  reopen();
  const Inventory all = store().load().value();
  EXPECT_THAT(all.clusters, ElementsAre(blue));
  EXPECT_THAT(all.vpcs, ElementsAre(home));
  EXPECT_THAT(all.subnets, ElementsAre(part));
  EXPECT_THAT(all.security_groups, ElementsAre(members));
  EXPECT_EQ(store().find_update(kBlue, UpdateId("u1")).value(), change);
}

TEST_P(StoreContract, PutReplaces) {
  ASSERT_TRUE(store().commit(puts(
      {vpc("vpc-1"), vpc("vpc-2"), subnet("subnet-1", "vpc-1"), cluster("blue", "1.33"), cluster("blue", "1.34")})));
  EXPECT_THAT(store().load()->clusters, ElementsAre(cluster("blue", "1.34")));
  ASSERT_TRUE(store().commit(puts({cluster("blue", "1.35"), subnet("subnet-1", "vpc-2")})));
  EXPECT_THAT(store().load()->clusters, ElementsAre(cluster("blue", "1.35")));
  EXPECT_THAT(store().load()->subnets, ElementsAre(subnet("subnet-1", "vpc-2")));
  // The reference moved with it.
  EXPECT_TRUE(store().commit(erases({model::VpcId("vpc-1")})));
  EXPECT_FALSE(store().commit(erases({model::VpcId("vpc-2")})));
}

TEST_P(StoreContract, ErasesAfterThePuts) {
  ASSERT_TRUE(store().commit(puts({vpc("vpc-1"), subnet("subnet-1", "vpc-1"), group("sg-1", "vpc-1"), cluster("blue"),
                                   update("blue", "u1"), cluster("green"), update("green", "u1")})));
  Transaction both = puts({cluster("blue", "1.35")});
  both.erases = {kBlue, model::SubnetId("subnet-1"), model::SecurityGroupId("sg-1"), model::VpcId("vpc-1")};
  ASSERT_TRUE(store().commit(both));
  const Inventory all = store().load().value();
  EXPECT_THAT(all.clusters, ElementsAre(cluster("green")));
  EXPECT_THAT(all.vpcs, IsEmpty());
  EXPECT_THAT(all.subnets, IsEmpty());
  EXPECT_THAT(all.security_groups, IsEmpty());
  EXPECT_EQ(store().find_update(kBlue, UpdateId("u1")).value(), std::nullopt);
  EXPECT_THAT(store().unfinished_updates().value(), ElementsAre(update("green", "u1")));
}

TEST_P(StoreContract, ErasingWhatIsNotThereIsNoError) {
  EXPECT_EQ(store().commit(erases({kBlue, model::VpcId("vpc-9")})), Revision(1));
}

TEST_P(StoreContract, RefusesDanglingReferences) {
  ASSERT_TRUE(store().commit(puts({vpc("vpc-1"), subnet("subnet-1", "vpc-1"), cluster("blue")})));
  expect_breach(puts({update("green", "u1")}), "green");
  expect_breach(puts({subnet("subnet-2", "vpc-2")}), "vpc-2");
  expect_breach(puts({subnet("subnet-1", "vpc-2")}), "vpc-2");
  expect_breach(puts({group("sg-1", "vpc-2")}), "vpc-2");
  expect_breach(erases({model::VpcId("vpc-1")}), "vpc-1 is still in use; delete first: subnet-1");
  EXPECT_TRUE(store().commit(puts({group("sg-1", "vpc-1"), update("blue", "u1")}))) << "still works";
  expect_breach(erases({model::SubnetId("subnet-1"), model::VpcId("vpc-1")}), "delete first: sg-1");
}

TEST_P(StoreContract, RefusesASecondUpdateWithAToken) {
  ASSERT_TRUE(store().commit(puts({cluster("blue"), cluster("green"), update("blue", "u1", "same")})));
  expect_breach(puts({update("blue", "u2", "same")}), "u2");
  EXPECT_TRUE(store().commit(puts({update("green", "u2", "same")}))) << "another cluster's token is another";
  EXPECT_TRUE(store().commit(puts({finished(update("blue", "u1", "same"))}))) << "its own is no breach";
  EXPECT_TRUE(store().commit(puts({update("blue", "u2"), update("blue", "u3")}))) << "none is no token";
}

TEST_P(StoreContract, RefusesTextThatIsNotUtf8) {
  for (const Entity& bad :
       std::vector<Entity>{cluster("blue", "\xff"), vpc("vpc-\xc3"), update("green", "\xed\xa0\x80")}) {
    const auto refused = store().commit(puts({cluster("green"), bad}));
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidParameter);
    EXPECT_THAT(refused.error().message, HasSubstr("UTF-8"));
  }
  EXPECT_EQ(store().load()->revision, Revision(0));
  EXPECT_THAT(store().load()->clusters, IsEmpty());
}

TEST_P(StoreContract, KeepsOddNamesApart) {
  const std::string quoted = "a'b\"; DROP TABLE clusters; --";
  const std::string zero("a\0b", 3);
  ASSERT_TRUE(store().commit(puts({cluster(quoted), cluster(zero), cluster("a"), cluster("A"), cluster("é")})));
  ASSERT_TRUE(store().commit(puts({update(zero, zero, zero)})));
  reopen();
  EXPECT_THAT(store().load()->clusters, SizeIs(5));
  EXPECT_TRUE(store().find_update(ClusterName(zero), UpdateId(zero))->has_value());
  EXPECT_TRUE(store().find_update_by_token(ClusterName(zero), zero)->has_value());
  EXPECT_FALSE(store().find_update(ClusterName("a"), UpdateId(zero))->has_value());
}

TEST_P(StoreContract, ConflictsWithLaterChangesOfTheSameEntities) {
  const Revision first = store()
                             .commit(puts({cluster("blue"), cluster("green"), vpc("vpc-1"), subnet("s-1", "vpc-1"),
                                           group("g-1", "vpc-1")}))
                             .value();
  const Revision second = store().commit(puts({cluster("blue", "1.35")})).value();
  const auto expect_conflict = [&](const Transaction& late) {
    const auto refused = store().commit(late);
    ASSERT_FALSE(refused.has_value());
    EXPECT_EQ(refused.error().kind, ErrorKind::kConflict);
    EXPECT_THAT(refused.error().message, HasSubstr("blue"));
    EXPECT_EQ(store().load()->revision, second);
  };
  expect_conflict(based_on(first, puts({cluster("blue", "1.36")})));
  expect_conflict(based_on(first, puts({cluster("green", "1.36"), cluster("blue", "1.36")})));
  expect_conflict(based_on(first, erases({ClusterName("green"), kBlue})));
  EXPECT_THAT(store().load()->clusters, testing::UnorderedElementsAre(cluster("blue", "1.35"), cluster("green")));

  EXPECT_TRUE(store().commit(based_on(first, puts({cluster("green", "1.36"), cluster("red")})))) << "others";
  EXPECT_TRUE(store().commit(based_on(second, puts({cluster("blue", "1.36")})))) << "read again";
  EXPECT_TRUE(store().commit(puts({cluster("blue", "1.37")}))) << "not asked for";
  EXPECT_TRUE(store().commit(based_on(first, {}))) << "touches nothing";

  ASSERT_TRUE(store().commit(puts({vpc("vpc-1"), subnet("s-1", "vpc-1"), group("g-1", "vpc-1")})));
  for (const Entity& late : std::vector<Entity>{vpc("vpc-1"), subnet("s-1", "vpc-1"), group("g-1", "vpc-1")})
    EXPECT_EQ(store().commit(based_on(second, puts({late}))).error().kind, ErrorKind::kConflict);
}

TEST_P(StoreContract, AnErasureIsAChange) {
  const Revision first = store().commit(puts({cluster("blue"), update("blue", "u1"), vpc("vpc-1")})).value();
  ASSERT_TRUE(store().commit(erases({kBlue, model::VpcId("vpc-1")})));
  reopen();
  EXPECT_EQ(store().commit(based_on(first, puts({cluster("blue")}))).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(store().commit(based_on(first, puts({vpc("vpc-1")}))).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(store().commit(based_on(first, erases({kBlue}))).error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(store().commit(based_on(first, puts({cluster("green")})))) << "never there";

  // Made anew, it is another: what was meant for the old one must not reach it.
  ASSERT_TRUE(store().commit(puts({cluster("blue")})));
  EXPECT_EQ(store().commit(based_on(first, puts({update("blue", "u1")}))).error().kind, ErrorKind::kConflict);
  EXPECT_EQ(store().find_update(kBlue, UpdateId("u1")).value(), std::nullopt);
}

TEST_P(StoreContract, KeepsSettings) {
  EXPECT_EQ(store().setting("key").value(), std::nullopt);
  Transaction transaction;
  transaction.settings = {{"key", "first"}, {"key", "second"}, {"bytes", std::string("\0\xff", 2)}, {"empty", ""}};
  ASSERT_TRUE(store().commit(transaction));
  reopen();
  EXPECT_EQ(store().setting("key").value(), "second");
  EXPECT_EQ(store().setting("bytes").value(), std::string("\0\xff", 2));
  EXPECT_EQ(store().setting("empty").value(), "");
  EXPECT_EQ(store().setting("KEY").value(), std::nullopt);
}

TEST_P(StoreContract, KeepsEventsNewestFirst) {
  Transaction transaction;
  for (const char* action : {"eks:CreateCluster", "eks:UpdateClusterConfig", "eks:DeleteCluster"})
    transaction.events.push_back(event(action));
  ASSERT_TRUE(store().commit(transaction));
  reopen();
  const auto events = store().recent_events(2).value();
  ASSERT_THAT(events, SizeIs(2));
  EXPECT_EQ(events[0].action, "eks:DeleteCluster");
  EXPECT_EQ(events[1].action, "eks:UpdateClusterConfig");
  EXPECT_EQ(events[1].at, base::Time(base::Millis(1'764'000'000'123)));
  EXPECT_EQ(events[1].request_id, "id of eks:UpdateClusterConfig");
  EXPECT_EQ(events[1].principal, "arn");
  EXPECT_EQ(events[1].source_address, "192.0.2.1");
  EXPECT_EQ(events[1].resource, "cluster");
  EXPECT_THAT(store().recent_events(SIZE_MAX).value(), SizeIs(3));
  EXPECT_THAT(store().recent_events(0).value(), IsEmpty());
}

// Writers that each base their commit on the same revision: one wins each race, and no increment is lost.
TEST_P(StoreContract, OneWriterWinsEachRace) {
  constexpr int kThreads = 6;
  constexpr int kWins = 15;
  ASSERT_TRUE(store().commit(puts({cluster("blue", "0")})));
  std::atomic<int> conflicts = 0;
  std::atomic<int> others = 0;
  const auto race = [&] {
    for (int wins = 0; wins < kWins;) {
      const Inventory seen = store().load().value();
      const int count = std::stoi(seen.clusters.at(0).version);
      const auto won = store().commit(based_on(seen.revision, puts({cluster("blue", std::to_string(count + 1))})));
      if (won) {
        ++wins;
      } else if (won.error().kind == ErrorKind::kConflict) {
        ++conflicts;
      } else {
        ++others;
        return;
      }
    }
  };
  std::vector<std::thread> threads;
  threads.reserve(kThreads);
  for (int i = 0; i < kThreads; ++i)
    threads.emplace_back(race);
  for (std::thread& thread : threads)
    thread.join();
  EXPECT_EQ(others, 0);
  EXPECT_EQ(store().load()->clusters.at(0).version, std::to_string(kThreads * kWins));
  EXPECT_EQ(store().load()->revision, Revision(1 + kThreads * kWins));
}

// The same from one revision all have read: exactly one of them.
TEST_P(StoreContract, ExactlyOneOfManyBasedOnOneRevision) {
  constexpr int kThreads = 6;
  ASSERT_TRUE(store().commit(puts({cluster("blue")})));
  for (int round = 0; round < 10; ++round) {
    const Revision seen = store().load()->revision;
    std::atomic<int> wins = 0;
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int i = 0; i < kThreads; ++i) {
      threads.emplace_back([&, i] {
        if (store().commit(based_on(seen, puts({cluster("blue", std::to_string(i))})))) ++wins;
      });
    }
    for (std::thread& thread : threads)
      thread.join();
    ASSERT_EQ(wins, 1) << round;
  }
}

}  // namespace
}  // namespace sallyport::store
