#include "workplace/messages.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::workplace {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr base::Time kEnd{base::Seconds(1'764'400'000)};

TEST(Messages, AreWhatTheContractSays) {
  EXPECT_EQ(opened_message("ws-1", "prod", base::Seconds(900), kEnd),
            R"({"type":"opened","session":"ws-1","cluster":"prod","idleSeconds":900,"endsAt":1764400000})");
  EXPECT_EQ(ending_message(Reason::kIdle, base::Seconds(60)), R"({"type":"ending","reason":"idle","seconds":60})");
  EXPECT_EQ(ended_message(Reason::kExit, 7, ""), R"({"type":"ended","reason":"exit","code":7,"message":""})");
  EXPECT_EQ(granted_body("T", "ws-1", base::Seconds(900), kEnd),
            R"({"ticket":"T","session":"ws-1","idleSeconds":900,"endsAt":1764400000})");
  EXPECT_EQ(refusal_body("no \"room\""), R"({"message":"no \"room\""})");
}

TEST(Messages, CloseCodes) {
  EXPECT_EQ(close_code(Reason::kExit), 1000);
  EXPECT_EQ(close_code(Reason::kDraining), 1001);
  EXPECT_EQ(close_code(Reason::kIdle), 1008);
  EXPECT_EQ(close_code(Reason::kExpired), 1008);
  EXPECT_EQ(close_code(Reason::kFailed), 1011);
}

TEST(Messages, WhatABrowserSaysIsBounded) {
  const auto size = parse_said(R"({"type":"resize","columns":120,"rows":40})");
  ASSERT_TRUE(size);
  EXPECT_EQ(std::get<Size>(*size), (Size{120, 40}));
  EXPECT_TRUE(parse_said(R"({"type":"resize","columns":1000,"rows":1})"));
  const auto seen = parse_said(R"({"type":"seen","bytes":18446744073709551615})");
  ASSERT_TRUE(seen);
  EXPECT_EQ(std::get<Seen>(*seen), (Seen{~std::uint64_t{0}}));
  for (const char* bad :
       {R"({"type":"resize","columns":0,"rows":40})", R"({"type":"resize","columns":120,"rows":1001})",
        R"({"type":"resize","columns":"120","rows":40})", R"({"type":"resize","columns":1.5,"rows":40})",
        R"({"type":"resize","columns":120})", R"({"type":"seen","bytes":-1})", R"({"type":"seen","bytes":"1"})",
        R"({"type":"seen","bytes":18446744073709551616})", R"({"type":"seen"})",
        R"({"type":"exec","columns":120,"rows":40})", "[]", "", "nonsense"}) {
    EXPECT_FALSE(parse_said(bad)) << bad;
  }
}

TEST(Messages, TheTicketIsAmongTheProtocols) {
  EXPECT_EQ(offered_ticket("sallyport-terminal.v1, sallyport-ticket.abc"), "abc");
  EXPECT_EQ(offered_ticket("sallyport-ticket.abc ,sallyport-terminal.v1"), "abc");
  EXPECT_FALSE(offered_ticket("sallyport-ticket.abc"));
  EXPECT_FALSE(offered_ticket("sallyport-terminal.v1"));
  EXPECT_FALSE(offered_ticket("sallyport-terminal.v1, sallyport-ticket.a, sallyport-ticket.b"));
  EXPECT_FALSE(offered_ticket(""));
  EXPECT_FALSE(offered_ticket(",,"));
}

TEST(Messages, TheBannerHoldsNoControlOfTheTerminalFromOutside) {
  const std::string text = banner("prod", "arn:\x1b]0;x\x07", kEnd);
  EXPECT_THAT(text, HasSubstr("2025-11-29 07:06 UTC"));
  EXPECT_THAT(text, HasSubstr("arn:?]0;x?"));
  EXPECT_THAT(text, Not(HasSubstr("\x1b]")));
}

}  // namespace
}  // namespace sallyport::workplace
