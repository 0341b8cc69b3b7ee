#include "api/workplace/tickets.h"

#include <gtest/gtest.h>

#include "base/limits.h"

namespace sallyport::api::workplace {
namespace {

using namespace std::chrono_literals;

Pass pass(const std::string& session) {
  return {.session = session,
          .cluster = {},
          .principal = {},
          .access_key_id = {},
          .minted_key_id = {},
          .session_token = {},
          .request = {}};
}

class TicketsTest : public testing::Test {
 protected:
  Tickets tickets_;
  const Tickets::Time now_ = std::chrono::steady_clock::now();
};

TEST_F(TicketsTest, EachIsGoodOnceAndForItsOwnSession) {
  EXPECT_TRUE(tickets_.put("first", pass("ws-1"), now_));
  EXPECT_TRUE(tickets_.put("second", pass("ws-2"), now_));
  EXPECT_FALSE(tickets_.take("third", now_));
  EXPECT_FALSE(tickets_.take("", now_));
  const auto taken = tickets_.take("second", now_ + 29s);
  ASSERT_TRUE(taken);
  EXPECT_EQ(taken->session, "ws-2");
  EXPECT_FALSE(tickets_.take("second", now_ + 29s));
  EXPECT_FALSE(tickets_.take("first", now_ + 30s)) << "its time is over";
}

TEST_F(TicketsTest, AreBoundedUntilTheirTimeIsOver) {
  for (std::size_t i = 0; i < base::limits::kWorkplaceTickets; ++i)
    ASSERT_TRUE(tickets_.put(std::to_string(i), pass("ws"), now_));
  EXPECT_FALSE(tickets_.put("one more", pass("ws"), now_));
  EXPECT_TRUE(tickets_.why_not(now_));
  EXPECT_FALSE(tickets_.why_not(now_ + 30s));
  EXPECT_TRUE(tickets_.put("one more", pass("ws"), now_ + 30s));
}

TEST_F(TicketsTest, NoneIsKeptOnceTheServerStops) {
  ASSERT_TRUE(tickets_.put("first", pass("ws-1"), now_));
  tickets_.close();
  EXPECT_FALSE(tickets_.take("first", now_));
  EXPECT_FALSE(tickets_.put("second", pass("ws-2"), now_));
  EXPECT_TRUE(tickets_.why_not(now_));
}

}  // namespace
}  // namespace sallyport::api::workplace
