#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <time.h>

#include <cstring>
#include <random>
#include <string>

#include "store/store_contract.h"
#include "store/test_entities.h"
#include "store/test_process.h"

namespace sallyport::store {
namespace {

using namespace testing_entities;  // NOLINT: the words of these tests
using model::Revision;
using testing::SizeIs;

constexpr std::uint64_t kSeed = 20'260'727;
constexpr int kRounds = 20;

// Four marks of the same revision: all of them are there, or none.
Transaction marked(std::uint64_t revision) {
  const std::string mark = std::to_string(revision);
  Transaction transaction = puts({cluster("blue", mark), finished(update("blue", mark))});
  transaction.settings = {{"mark", mark}};
  transaction.events = {event(mark)};
  return transaction;
}

// Commits until killed, and says so after each success.
void commit_for_ever(StoreHome& home, int acknowledged) {
  const auto opened = home.open();
  if (!opened) return;
  std::uint64_t revision = (*opened)->load()->revision.value();
  while ((*opened)->commit(marked(++revision))) {
    std::string bytes(sizeof revision, '\0');
    std::memcpy(bytes.data(), &revision, sizeof revision);
    write_all(acknowledged, bytes);
  }
}

TEST_P(StoreContract, NoAcknowledgedCommitIsLostToAKill) {
  std::mt19937_64 random(kSeed);
  std::uint64_t last = 0;
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE(round);
    close();
    Child writer([&](int out) { commit_for_ever(home(), out); });
    const auto take = [&] {
      std::uint64_t revision = 0;
      const std::string bytes = writer.read(sizeof revision);
      if (bytes.size() != sizeof revision) return false;
      std::memcpy(&revision, bytes.data(), sizeof revision);
      EXPECT_EQ(revision, last + 1);
      last = revision;
      return true;
    };
    for (auto left = random() % 12; left > 0; --left)
      ASSERT_TRUE(take()) << "the writer gave up";
    const timespec pause{.tv_sec = 0, .tv_nsec = static_cast<long>(random() % 3'000'000)};
    ::nanosleep(&pause, nullptr);
    writer.kill();
    while (take()) {
    }

    reopen();
    const Inventory all = store().load().value();
    // One more may be durable: killed after the commit and before its word.
    ASSERT_GE(all.revision, Revision(last));
    ASSERT_LE(all.revision, Revision(last + 1));
    last = all.revision.value();
    if (last == 0) continue;
    const std::string mark = std::to_string(last);
    ASSERT_THAT(all.clusters, SizeIs(1));
    EXPECT_EQ(all.clusters[0].version, mark);
    EXPECT_EQ(store().setting("mark").value(), mark);
    EXPECT_THAT(store().recent_events(SIZE_MAX).value(), SizeIs(last));
    EXPECT_EQ(store().recent_events(1).value().at(0).action, mark);
    EXPECT_EQ(store().list_updates(model::ClusterName("blue"), {}, 1)->updates.at(0).id.str(), mark);
    for (std::uint64_t each = 1; each <= last; ++each)
      EXPECT_TRUE(store().find_update(model::ClusterName("blue"), model::UpdateId(std::to_string(each)))->has_value());
  }
  EXPECT_GT(last, 20U);
}

}  // namespace
}  // namespace sallyport::store
