#include "bastion/refusal.h"

#include <gtest/gtest.h>

#include <set>

namespace sallyport::bastion {
namespace {

TEST(Refusal, EveryNameIsItsOwn) {
  std::set<std::string_view> names;
  for (std::size_t i = 0; i < kRefusals; ++i)
    names.insert(to_string(static_cast<Refusal>(i)));
  EXPECT_EQ(names.size(), kRefusals);
  EXPECT_EQ(to_string(Refusal::kMalformed), "malformed");
  EXPECT_EQ(to_string(Refusal::kBadAddress), "bad-address");
  EXPECT_EQ(to_string(Refusal::kSourceLimit), "source-limit");
  EXPECT_EQ(to_string(Refusal::kStrangerLimit), "stranger-limit");
  EXPECT_EQ(to_string(Refusal::kGone), "gone");
}

TEST(Refusal, WhatIsResetHasNoAnswer) {
  const std::set<Refusal> reset{Refusal::kOverload, Refusal::kSourceLimit, Refusal::kStrangerLimit, Refusal::kTimeout,
                                Refusal::kGone};
  for (std::size_t i = 0; i < kRefusals; ++i) {
    const auto refusal = static_cast<Refusal>(i);
    EXPECT_EQ(is_answered(refusal), !reset.contains(refusal)) << to_string(refusal);
    if (!is_answered(refusal)) continue;
    const std::string answer = http_answer(refusal);
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 4") || answer.starts_with("HTTP/1.1 5")) << answer;
    EXPECT_TRUE(answer.ends_with(".\n") || answer.ends_with("?\n")) << answer;
    const std::size_t end = answer.find("\r\n\r\n");
    ASSERT_NE(end, std::string::npos);
    EXPECT_NE(answer.find("Content-Length: " + std::to_string(answer.size() - end - 4) + "\r\n"), std::string::npos);
    EXPECT_NE(socks_reply(refusal), wire::socks5::Reply::kSucceeded);
  }
  EXPECT_NE(http_answer(Refusal::kNoCredentials).find("\r\nProxy-Authenticate: Basic realm=\"sallyport\"\r\n"),
            std::string::npos);
}

}  // namespace
}  // namespace sallyport::bastion
