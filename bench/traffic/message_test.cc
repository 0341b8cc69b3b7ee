#include "traffic/message.h"

#include <gtest/gtest.h>

#include <string>

namespace sallyport::bench {
namespace {

constexpr auto kHost = "00112233445566778899aabbccddeeff.gr1.us-east-1.eks.sallyport.internal";

TEST(Message, HasTheSizeAskedForAndTellsIt) {
  for (const std::size_t bytes :
       {kMinMessageBytes, std::size_t{200}, kMaxHeadBytes, kMaxHeadBytes + 1, std::size_t{1} << 20U}) {
    const std::string request = make_request(kHost, bytes, 1'000);
    EXPECT_EQ(request.size(), bytes);
    RequestHead head;
    ASSERT_EQ(read_request_head(request, head), HeadState::kComplete) << bytes;
    EXPECT_EQ(head.head_bytes + head.body_bytes, bytes);
    EXPECT_EQ(head.answer_bytes, 1'000U);
    EXPECT_EQ(make_answer(bytes).size(), bytes);
  }
}

TEST(Message, AnswerTellsTheLengthOfItsBody) {
  const std::string answer = make_answer(1'000);
  const std::size_t end = answer.find("\r\n\r\n") + 4;
  EXPECT_NE(answer.find("Content-Length: 00000" + std::to_string(1'000 - end) + "\r\n"), std::string::npos);
}

TEST(Message, HeadIsIncompleteUpToItsLastByte) {
  const std::string request = make_request(kHost, 200, 1'000);
  RequestHead head;
  for (std::size_t size = 1; size < request.size(); ++size) {
    EXPECT_EQ(read_request_head(request.substr(0, size), head), HeadState::kIncomplete);
  }
}

TEST(Message, RefusesWhatIsNoRequest) {
  RequestHead head;
  EXPECT_EQ(read_request_head("GET /\r\n\r\n", head), HeadState::kBroken);
  EXPECT_EQ(read_request_head("GET /1 HTTP/1.1\r\n\r\n", head), HeadState::kBroken);
  EXPECT_EQ(read_request_head("GET /999999999999 HTTP/1.1\r\n\r\n", head), HeadState::kBroken);
  EXPECT_EQ(read_request_head("POST /1000 HTTP/1.1\r\n\r\n", head), HeadState::kBroken);
  EXPECT_EQ(read_request_head(std::string(kMaxHeadBytes, 'a'), head), HeadState::kBroken);
}

TEST(Message, KnowsTheStartOfAnAnswer) {
  EXPECT_TRUE(starts_as_answer(make_answer(500)));
  EXPECT_TRUE(starts_as_answer("HTTP/1.1 2"));
  EXPECT_FALSE(starts_as_answer("HTTP/1.1 500 no"));
}

}  // namespace
}  // namespace sallyport::bench
