#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "store/store_contract.h"
#include "store/test_entities.h"

// The contract's part about updates and their history.
namespace sallyport::store {
namespace {

using namespace testing_entities;  // NOLINT: the words of these tests
using base::ErrorKind;
using model::ClusterName;
using model::Revision;
using model::UpdateId;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const ClusterName kBlue("blue");

std::vector<std::string> ids_of(const std::vector<model::Update>& updates) {
  std::vector<std::string> ids;
  ids.reserve(updates.size());
  for (const auto& update : updates)
    ids.push_back(update.id.str());
  return ids;
}

// The whole history, page by page.
std::vector<std::string> history(Store& store, const ClusterName& cluster, std::size_t limit) {
  std::vector<std::string> ids;
  std::optional<HistoryPosition> from;
  do {
    const UpdatePage page = store.list_updates(cluster, from, limit).value();
    EXPECT_LE(page.updates.size(), limit);
    for (const auto& id : ids_of(page.updates))
      ids.push_back(id);
    from = page.next;
  } while (from);
  return ids;
}

TEST_P(StoreContract, ReplacingAClusterKeepsItsUpdates) {
  ASSERT_TRUE(store().commit(puts({cluster("blue"), update("blue", "u1")})));
  ASSERT_TRUE(store().commit(puts({cluster("blue", "1.35")})));
  EXPECT_THAT(history(store(), kBlue, 10), ElementsAre("u1"));
}

TEST_P(StoreContract, AnUpdateChangesByItsOwnPutsAlone) {
  const Revision first = store().commit(puts({cluster("blue"), cluster("green"), update("blue", "u1")})).value();
  ASSERT_TRUE(store().commit(puts({cluster("blue", "1.35")})));
  ASSERT_TRUE(store().commit(puts({update("green", "u1")}))) << "the id alone is not the key";
  const auto second = store().commit(based_on(first, puts({update("blue", "u1")})));
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(store().commit(based_on(first, puts({finished(update("blue", "u1"))}))).error().kind, ErrorKind::kConflict);
  EXPECT_TRUE(store().commit(based_on(*second, puts({finished(update("blue", "u1"))}))));
}

TEST_P(StoreContract, FindsUpdatesByIdAndByToken) {
  ASSERT_TRUE(store().commit(puts({cluster("blue"), cluster("green"), update("blue", "u1", "t1"), update("blue", "u2"),
                                   update("green", "u3", "t3")})));
  EXPECT_EQ(store().find_update(kBlue, UpdateId("u1")).value(), update("blue", "u1", "t1"));
  EXPECT_EQ(store().find_update(kBlue, UpdateId("u3")).value(), std::nullopt);
  EXPECT_EQ(store().find_update_by_token(kBlue, "t1").value(), update("blue", "u1", "t1"));
  EXPECT_EQ(store().find_update_by_token(kBlue, "t3").value(), std::nullopt);
  EXPECT_EQ(store().find_update_by_token(kBlue, "").value(), std::nullopt);
  EXPECT_EQ(store().find_update_by_token(kBlue, "T1").value(), std::nullopt);
}

TEST_P(StoreContract, ListsNewestFirstPageByPage) {
  ASSERT_TRUE(store().commit(puts({cluster("blue"), cluster("green"), update("green", "other")})));
  for (const char* id : {"u1", "u2", "u3", "u4", "u5"})
    ASSERT_TRUE(store().commit(puts({update("blue", id)})));
  ASSERT_TRUE(store().commit(puts({finished(update("blue", "u2"))}))) << "a later put does not make it newer";
  for (const std::size_t limit : {1U, 2U, 4U, 5U, 100U})
    EXPECT_THAT(history(store(), kBlue, limit), ElementsAre("u5", "u4", "u3", "u2", "u1")) << limit;
  EXPECT_THAT(history(store(), ClusterName("red"), 10), IsEmpty());

  const auto page = store().list_updates(kBlue, std::nullopt, 2).value();
  ASSERT_TRUE(page.next);
  ASSERT_TRUE(store().commit(puts({update("blue", "u6")})));
  reopen();
  EXPECT_THAT(ids_of(store().list_updates(kBlue, page.next, 2)->updates), ElementsAre("u3", "u2"))
      << "an insert between two pages moves neither";
  EXPECT_THAT(store().list_updates(kBlue, HistoryPosition{UINT64_MAX}, 100)->updates, SizeIs(6));
  EXPECT_THAT(store().list_updates(kBlue, HistoryPosition{0}, 100)->updates, IsEmpty());
}

TEST_P(StoreContract, UnfinishedUpdatesComeOldestFirstFromAllClusters) {
  ASSERT_TRUE(store().commit(puts({cluster("blue"), cluster("green"), update("green", "u1"), update("blue", "u2")})));
  ASSERT_TRUE(store().commit(puts({finished(update("green", "u3")), update("green", "u4")})));
  EXPECT_THAT(ids_of(store().unfinished_updates().value()), ElementsAre("u1", "u2", "u4"));
  model::Update failed = update("blue", "u2");
  failed.status = model::UpdateStatus::kFailed;
  model::Update cancelled = update("green", "u4");
  cancelled.status = model::UpdateStatus::kCancelled;
  ASSERT_TRUE(store().commit(puts({failed, cancelled})));
  EXPECT_THAT(ids_of(store().unfinished_updates().value()), ElementsAre("u1"));
}

TEST_P(StoreContract, KeepsTheLastFinishedUpdatesAndAllUnfinished) {
  Transaction many = puts({cluster("blue"), cluster("green"), update("blue", "running", "t"),
                           finished(update("blue", "first", "t0")), finished(update("green", "other"))});
  for (std::size_t i = 1; i < base::limits::kUpdateHistory; ++i)
    many.puts.emplace_back(finished(update("blue", "u" + std::to_string(i))));
  ASSERT_TRUE(store().commit(many));
  auto kept = history(store(), kBlue, 100);
  ASSERT_THAT(kept, SizeIs(base::limits::kUpdateHistory + 1));
  EXPECT_EQ(kept[kept.size() - 2], "first");

  ASSERT_TRUE(store().commit(puts({update("blue", "next")})));
  EXPECT_THAT(history(store(), kBlue, 100), SizeIs(base::limits::kUpdateHistory + 2)) << "unfinished ones do not count";
  ASSERT_TRUE(store().commit(puts({finished(update("blue", "next"))})));
  kept = history(store(), kBlue, 100);
  ASSERT_THAT(kept, SizeIs(base::limits::kUpdateHistory + 1));
  EXPECT_EQ(kept.back(), "running");
  EXPECT_EQ(kept[kept.size() - 2], "u1");
  EXPECT_EQ(store().find_update_by_token(kBlue, "t0").value(), std::nullopt);
  EXPECT_THAT(history(store(), ClusterName("green"), 100), ElementsAre("other"));
}

}  // namespace
}  // namespace sallyport::store
