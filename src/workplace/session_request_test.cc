#include "workplace/session_request.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workplace/test_sessions.h"

namespace sallyport::workplace {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string without(const std::string& text, const std::string& replaced, const std::string& by) {
  std::string changed = text;
  const std::size_t at = changed.find(replaced);
  EXPECT_NE(at, std::string::npos) << replaced;
  return changed.replace(at, replaced.size(), by);
}

TEST(SessionRequest, IsReadWhole) {
  const auto request = parse_session_request(kTestRequest);
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->principal, "arn:aws:iam::000000000000:user/ann");
  EXPECT_EQ(request->holder, "AIDA1");
  EXPECT_EQ(request->region, "us-east-1");
  EXPECT_EQ(request->request_id, "req-1");
  EXPECT_EQ(request->cluster.name, "prod");
  EXPECT_EQ(request->cluster.endpoint, "https://ABC.gr1.us-east-1.eks.sallyport.internal:8443");
  EXPECT_EQ(request->cluster.certificate_authority, "Q0E=");
  EXPECT_EQ(request->credentials.access_key_id, "ASIA1");
  EXPECT_EQ(request->credentials.secret_access_key, "very/secret");
  EXPECT_EQ(request->credentials.session_token, "token+/=");
  EXPECT_EQ(request->credentials.expiration, base::Time(base::Seconds(1'764'403'600)));
}

TEST(SessionRequest, WhatCouldEndALineOfAFileIsRefusedAndNoSecretIsShown) {
  for (const std::string member :
       {"arn:aws:iam::000000000000:user/ann", "us-east-1\",", "req-1", "prod", "ASIA1", "very/secret", "token+/="}) {
    const std::string ending = member.ends_with("\",") ? "us-east-1" : member;
    const auto request = parse_session_request(without(kTestRequest, ending + "\"", ending + "\\nrole = x\""));
    ASSERT_FALSE(request) << member;
    EXPECT_THAT(request.error().message, Not(HasSubstr("very")));
    EXPECT_THAT(request.error().message, HasSubstr("printable"));
  }
}

TEST(SessionRequest, WhatIsMissingOrWrongIsNamed) {
  const std::vector<std::array<std::string, 3>> cases{
      {"\"principalArn\"", "\"principal\"", "principalArn"},
      {"\"holder\"", "\"of\"", "holder"},
      {"\"cluster\"", "\"place\"", "cluster"},
      {"\"credentials\"", "\"keys\"", "credentials"},
      {"\"sessionToken\":\"token+/=\"", "\"sessionToken\":7", "credentials.sessionToken"},
      {"1764403600", "\"soon\"", "credentials.expiration"},
      {"1764403600", "-5", "credentials.expiration"},
      {"1764403600", "1e99", "credentials.expiration"},
      {"https://ABC", "http://ABC", "cluster.endpoint"},
      {"internal:8443", "internal/path", "cluster.endpoint"},
      {"Q0E=", "Q0E", "cluster.certificateAuthority"}};
  for (const auto& [from, to, named] : cases) {
    const auto request = parse_session_request(without(kTestRequest, from, to));
    ASSERT_FALSE(request) << to;
    EXPECT_THAT(request.error().message, HasSubstr(named));
  }
  EXPECT_FALSE(parse_session_request("[]"));
  EXPECT_FALSE(parse_session_request(""));
  EXPECT_FALSE(parse_session_request(std::string(100'000, ' ')));
}

}  // namespace
}  // namespace sallyport::workplace
