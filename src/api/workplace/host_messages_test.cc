#include "api/workplace/host_messages.h"

#include <gtest/gtest.h>

#include "api/workplace/test_ticket.h"

namespace sallyport::api::workplace {
namespace {

std::string answer(const std::string& ticket, const std::string& session) {
  return R"({"ticket":")" + ticket + R"(","session":")" + session + R"(","idleSeconds":900,"endsAt":1764400000})";
}

TEST(HostMessages, TheRequestIsAsTheHostReadsIt) {
  HostRequest request{.principal_arn = "arn:aws:iam::000000000000:user/ann",
                      .holder = "AIDA1",
                      .region = "us-east-1",
                      .request_id = "id",
                      .cluster = "prod",
                      .endpoint = "https://a.sallyport.internal",
                      .certificate_authority_pem = "CA",
                      .credentials = {.access_key_id = "ASIA1",
                                      .secret = "s",
                                      .expires_at = base::Time(base::Millis(1'764'400'000'999))},
                      .session_token = "t"};
  EXPECT_EQ(
      body_of(request),
      R"({"principalArn":"arn:aws:iam::000000000000:user/ann","holder":"AIDA1","region":"us-east-1","requestId":"id",)"
      R"("cluster":{"name":"prod","endpoint":"https://a.sallyport.internal","certificateAuthority":"Q0E="},)"
      R"("credentials":{"accessKeyId":"ASIA1","secretAccessKey":"s","sessionToken":"t","expiration":1764400000}})");
}

TEST(HostMessages, AnAnswerIsASessionOrSaysWhyNot) {
  const auto granted = read_answer(201, answer(kTicket, "ws-0123456789abcdef"), "h:1");
  ASSERT_TRUE(granted);
  EXPECT_EQ(granted->ticket, kTicket);
  EXPECT_EQ(granted->session, "ws-0123456789abcdef");
  EXPECT_EQ(granted->idle_seconds, 900U);
  EXPECT_EQ(granted->ends_at, 1'764'400'000U);
  for (const std::string& body : {answer("short", "ws-0123456789abcdef"), answer(kTicket + "=", "ws-0123456789abcdef"),
                                  answer(kTicket, "ws-0123"), answer(kTicket, "ws-0123456789abcde\\n"),
                                  std::string("{}"), std::string("[]"), std::string()}) {
    const auto refused = read_answer(201, body, "h:1");
    ASSERT_FALSE(refused) << body;
    EXPECT_EQ(refused.error().kind, base::ErrorKind::kUnavailable);
  }
  EXPECT_EQ(read_answer(429, R"({"message":"enough"})", "h:1").error(),
            (base::Error{base::ErrorKind::kLimitExceeded, "enough", ""}));
  const auto down = read_answer(503, R"({"message":"no sandbox"})", "h:1");
  EXPECT_EQ(down.error().message, "the workplace host at h:1 answered with status 503: no sandbox");
  EXPECT_NE(read_answer(401, "", "h:1").error().message.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::api::workplace
