#include "workplace/session_table.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workplace/test_sessions.h"

namespace sallyport::workplace {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::SizeIs;

constexpr base::Time kNow{base::Seconds(1'764'400'000)};  // an hour before the credentials end
constexpr Steady::time_point kAt{std::chrono::hours(5)};

class SessionTableTest : public testing::Test {
 protected:
  SessionTableTest() {
    config.max_sessions = 3;
    config.sessions_a_principal = 2;
    config.uids = UidRange{70'000, 70'001};
  }

  base::Result<Granted> grant(const std::string& who, Steady::time_point at = kAt) { return grant(who, who, at); }
  base::Result<Granted> grant(const std::string& who, const std::string& holder, Steady::time_point at = kAt) {
    return table().grant(test_request(who, holder), kNow, at);
  }
  SessionTable& table() {
    if (!table_) table_.emplace(config, entropy_);
    return *table_;
  }

  WorkplaceConfig config;

 private:
  base::SystemEntropy entropy_;
  std::optional<SessionTable> table_;
};

TEST_F(SessionTableTest, ATicketIsGoodOnce) {
  const auto granted = grant("ann");
  ASSERT_TRUE(granted);
  EXPECT_THAT(granted->ticket, SizeIs(43));
  EXPECT_THAT(granted->session, MatchesRegex("ws-[0-9a-f]{16}"));
  EXPECT_FALSE(table().redeem("", kAt));
  EXPECT_FALSE(table().redeem(granted->ticket + "A", kAt));
  const auto session = table().redeem(granted->ticket, kAt);
  ASSERT_TRUE(session);
  EXPECT_EQ(session->id, granted->session);
  EXPECT_EQ(session->request.credentials.secret_access_key, "very/secret");
  EXPECT_EQ(session->ends_at, kNow + std::chrono::hours(1));
  EXPECT_FALSE(table().redeem(granted->ticket, kAt));
}

TEST_F(SessionTableTest, ATicketNobodyUsesGivesItsPlaceBack) {
  const auto granted = grant("ann");
  ASSERT_TRUE(granted);
  EXPECT_EQ(table().counts(kAt + std::chrono::seconds(29)).waiting, 1U);
  EXPECT_FALSE(table().redeem(granted->ticket, kAt + std::chrono::seconds(30)));
  EXPECT_EQ(table().counts(kAt + std::chrono::seconds(30)).waiting, 0U);
  EXPECT_TRUE(grant("ann", kAt + std::chrono::seconds(30)));
  EXPECT_TRUE(grant("ann", kAt + std::chrono::seconds(30)));
}

TEST_F(SessionTableTest, BothLimitsCountWaitingAndRunningSessions) {
  const auto first = grant("ann");
  const auto second = grant("ann");
  ASSERT_TRUE(first && second);
  ASSERT_TRUE(table().redeem(first->ticket, kAt));
  const auto third = grant("ann");
  ASSERT_FALSE(third);
  EXPECT_EQ(third.error().kind, base::ErrorKind::kLimitExceeded);
  EXPECT_THAT(third.error().message, HasSubstr("sessions_a_principal"));
  EXPECT_TRUE(grant("bob"));
  const auto full = grant("bob");
  ASSERT_FALSE(full);
  EXPECT_THAT(full.error().message, HasSubstr("max_sessions"));
  table().leave(first->session);
  table().leave(first->session);  // again changes nothing
  EXPECT_TRUE(grant("ann"));
  EXPECT_FALSE(grant("ann"));
}

TEST_F(SessionTableTest, OtherNamesOfAHolderGiveNoMoreSessionsButUidsOfTheirOwn) {
  config.uids = UidRange{70'000, 70'009};
  const auto first = grant("role/ops/a", "ann");
  const auto second = grant("role/ops/b", "ann");
  ASSERT_TRUE(first && second);
  const auto third = grant("role/ops/c", "ann");
  ASSERT_FALSE(third);
  EXPECT_THAT(third.error().message, HasSubstr("sessions_a_principal"));
  EXPECT_TRUE(grant("role/ops/a", "bob")) << "the name is free to all";
  EXPECT_FALSE(grant("role/ops/a", "eve")) << "but its uid's processes are bounded";
  EXPECT_NE(table().redeem(first->ticket, kAt)->uid, table().redeem(second->ticket, kAt)->uid);
  table().leave(second->session);
  EXPECT_TRUE(grant("role/ops/c", "ann"));
}

TEST_F(SessionTableTest, APrincipalHasOneUidWhileItHasSessionsAndNobodyElseHasIt) {
  const auto ann = grant("ann");
  const auto again = grant("ann");
  const auto bob = grant("bob");
  ASSERT_TRUE(ann && again && bob);
  const auto first = table().redeem(ann->ticket, kAt);
  const auto second = table().redeem(again->ticket, kAt);
  const auto third = table().redeem(bob->ticket, kAt);
  ASSERT_TRUE(first && second && third);
  EXPECT_EQ(first->uid, second->uid);
  EXPECT_NE(first->uid, third->uid);
  table().leave(first->id);
  const auto none_left = grant("eve");
  ASSERT_FALSE(none_left);
  EXPECT_THAT(none_left.error().message, HasSubstr("uids"));
  table().leave(second->id);
  const auto eve = grant("eve");
  ASSERT_TRUE(eve);
  EXPECT_EQ(table().redeem(eve->ticket, kAt)->uid, first->uid);
}

TEST_F(SessionTableTest, ASessionEndsWithItsCredentialsOrTheLongestTime) {
  config.longest_time = std::chrono::minutes(10);
  const auto granted = grant("ann");
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->ends_at, kNow + std::chrono::minutes(10));
  SessionRequest stale = test_request("bob", "bob");
  stale.credentials.expiration = kNow + std::chrono::seconds(59);
  const auto refused = table().grant(stale, kNow, kAt);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, base::ErrorKind::kInvalidParameter);
}

}  // namespace
}  // namespace sallyport::workplace
