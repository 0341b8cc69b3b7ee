#include "workplace/session_clock.h"

#include <gtest/gtest.h>

namespace sallyport::workplace {
namespace {

using std::chrono::seconds;

constexpr Steady::time_point kStart{std::chrono::hours(9)};

SessionTimes times() { return {kStart + seconds(28'800), kStart, base::Seconds(900), kStart, std::nullopt}; }

TEST(SessionClock, WhatComesFirstEndsTheSession) {
  SessionTimes now = times();
  EXPECT_EQ(foreseen_end(now).reason, Reason::kGone);  // unless the browser answers
  EXPECT_EQ(foreseen_end(now).at, kStart + seconds(60));
  now.heard = kStart + seconds(899);
  EXPECT_EQ(foreseen_end(now).reason, Reason::kIdle);
  EXPECT_EQ(foreseen_end(now).at, kStart + seconds(900));
  now.last_key = now.heard = kStart + seconds(28'790);
  EXPECT_EQ(foreseen_end(now).reason, Reason::kExpired);
  EXPECT_EQ(foreseen_end(now).at, kStart + seconds(28'800));
  now.drained_at = kStart + seconds(28'795);
  EXPECT_EQ(foreseen_end(now).reason, Reason::kDraining);
}

TEST(SessionClock, OutputAndPingsAreNoKeys) {
  SessionTimes now = times();
  now.heard = kStart + seconds(10'000);
  EXPECT_EQ(foreseen_end(now).at, kStart + seconds(900));
}

TEST(SessionClock, TheNoticeComesAMinuteBefore) {
  SessionTimes now = times();
  now.heard = kStart + seconds(820);
  EXPECT_FALSE(notice_due(now, kStart + seconds(839)));
  EXPECT_EQ(next_look(now, kStart + seconds(839)), kStart + seconds(840));
  EXPECT_EQ(notice_due(now, kStart + seconds(840)), base::Seconds(60));
  EXPECT_EQ(notice_due(now, kStart + seconds(860)), base::Seconds(40));
  EXPECT_EQ(next_look(now, kStart + seconds(860)), kStart + seconds(880));  // is the browser still there?
  EXPECT_FALSE(notice_due(now, kStart + seconds(900)));
  now.last_key = kStart + seconds(860);
  EXPECT_FALSE(notice_due(now, kStart + seconds(860)));
}

TEST(SessionClock, ABrowserThatIsGoneIsNotTold) {
  const SessionTimes now = times();
  EXPECT_FALSE(notice_due(now, kStart + seconds(30)));
  EXPECT_EQ(next_look(now, kStart + seconds(30)), kStart + seconds(60));
}

TEST(SessionClock, AShortPatienceIsToldAtOnce) {
  SessionTimes now = times();
  now.drained_at = kStart + seconds(10);
  EXPECT_EQ(notice_due(now, kStart + seconds(1)), base::Seconds(9));
}

}  // namespace
}  // namespace sallyport::workplace
