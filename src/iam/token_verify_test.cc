#include "iam/token_verify.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "iam/find_key.h"
#include "iam/test_people.h"
#include "wire/test_eks_tokens.h"

namespace sallyport::iam {
namespace {

using testing_people::kAccount;
using testing_people::kNow;
using testing_people::kRegion;
using testing_people::People;
using testing_people::put;
using wire::testing_tokens::token_of;
using wire::testing_tokens::TokenParts;
using namespace std::chrono_literals;

class TokenVerifyTest : public testing::Test {
 protected:
  TokenVerifyTest() {
    parts_.access_key_id = people_.key.id.str();
    parts_.secret = people_.secret;
    parts_.signed_at = kNow;
  }

  tl::expected<Bearer, TokenRefusal> verify(const std::string& token, base::Time now = kNow) {
    const auto find = [&](const std::string& id, const std::optional<std::string>& session) {
      return find_key(people_.root_keys, people_.identities, people_.sealer, kAccount, id, session, now);
    };
    return verify_token(token, {people_.cluster.name, kRegion, hosts_, now, find});
  }
  // What a token of parts_ is refused for; nothing when it is not.
  std::optional<TokenRefusal> refusal(base::Time now = kNow) {
    const auto bearer = verify(token_of(parts_), now);
    return bearer ? std::nullopt : std::optional(bearer.error());
  }
  void sign_as_session(const Session& session) {
    parts_.access_key_id = session.access_key_id;
    parts_.secret = session.secret;
    parts_.security_token = session_token(session, people_.sealer);
  }

  People people_;
  TokenHosts hosts_{kRegion, {"http://127.0.0.1:8787"}};
  TokenParts parts_;
};

TEST_F(TokenVerifyTest, KnowsAUserByItsKey) {
  const auto bearer = verify(token_of(parts_));
  ASSERT_TRUE(bearer);
  EXPECT_EQ(bearer->principal.user, people_.ann.id);
  EXPECT_EQ(bearer->access_key_id, "AKIAANN");
}

TEST_F(TokenVerifyTest, KnowsRoot) {
  parts_.access_key_id = people_.root.id;
  parts_.secret = people_.root.secret;
  const auto bearer = verify(token_of(parts_));
  ASSERT_TRUE(bearer);
  EXPECT_TRUE(bearer->principal.is_root);
}

TEST_F(TokenVerifyTest, KnowsASessionWhileItAndItsRoleLast) {
  const Session session = new_session(people_.ops, "ann", kNow, kNow + 10min, people_.entropy);
  sign_as_session(session);
  const auto bearer = verify(token_of(parts_));
  ASSERT_TRUE(bearer);
  EXPECT_EQ(bearer->principal.role, people_.ops.id);
  EXPECT_EQ(refusal(kNow + 10min), TokenRefusal::kUnknownKey) << "the session is over, the token's time is not";
  std::get<model::Table<model::IamRole>>(people_.identities).clear();
  EXPECT_EQ(refusal(), TokenRefusal::kUnknownKey) << "the role is gone";
}

TEST_F(TokenVerifyTest, KnowsASessionOfAUserWhileItsKeyLasts) {
  sign_as_session(session_of_caller(people_.ann_principal(), "AKIAANN", kNow, kNow + 10min, people_.entropy));
  const auto bearer = verify(token_of(parts_));
  ASSERT_TRUE(bearer);
  EXPECT_EQ(bearer->principal.user, people_.ann.id);
  people_.key.active = false;
  put(people_.identities, people_.key);
  EXPECT_EQ(refusal(), TokenRefusal::kUnknownKey);
}

TEST_F(TokenVerifyTest, ASessionsKeyNeedsItsOwnToken) {
  const Session session = new_session(people_.ops, "ann", kNow, kNow + 10min, people_.entropy);
  sign_as_session(session);
  parts_.security_token.clear();
  EXPECT_EQ(refusal(), TokenRefusal::kUnknownKey);
  parts_.security_token =
      session_token(new_session(people_.ops, "bob", kNow, kNow + 10min, people_.entropy), people_.sealer);
  EXPECT_EQ(refusal(), TokenRefusal::kUnknownKey);
}

TEST_F(TokenVerifyTest, AKeyThatIsInactiveOrGoneIsNobodysAtOnce) {
  people_.key.active = false;
  put(people_.identities, people_.key);
  EXPECT_EQ(refusal(), TokenRefusal::kUnknownKey);
  people_.key.active = true;
  put(people_.identities, people_.key);
  EXPECT_EQ(refusal(), std::nullopt);
  std::get<model::Table<model::AccessKeyRecord>>(people_.identities).clear();
  EXPECT_EQ(refusal(), TokenRefusal::kUnknownKey);
}

TEST_F(TokenVerifyTest, AKeyWhoseUserIsGoneIsNobodys) {
  std::get<model::Table<model::IamUser>>(people_.identities).clear();
  EXPECT_EQ(refusal(), TokenRefusal::kUnknownKey);
}

TEST_F(TokenVerifyTest, HasItsTime) {
  EXPECT_EQ(refusal(kNow + 15min), std::nullopt);
  EXPECT_EQ(refusal(kNow + 15min + 1ms), TokenRefusal::kExpired);
  EXPECT_EQ(refusal(kNow - 5min), std::nullopt);
  EXPECT_EQ(refusal(kNow - 5min - 1ms), TokenRefusal::kNotYetValid);
}

TEST_F(TokenVerifyTest, IsForOneCluster) {
  parts_.cluster = "another";
  EXPECT_EQ(refusal(), TokenRefusal::kSignature);
  parts_.cluster = "Demo";
  EXPECT_EQ(refusal(), TokenRefusal::kSignature);
}

TEST_F(TokenVerifyTest, AForgedSignatureIsRefused) {
  parts_.secret = "another";
  EXPECT_EQ(refusal(), TokenRefusal::kSignature);
  parts_.secret = people_.root.secret;
  EXPECT_EQ(refusal(), TokenRefusal::kSignature);
}

TEST_F(TokenVerifyTest, IsForStsOrThisApiOnly) {
  for (const char* host : {"sts.us-east-1.amazonaws.com", "sts.amazonaws.com", "sts-fips.us-east-1.amazonaws.com"}) {
    parts_.host = host;
    EXPECT_EQ(refusal(), std::nullopt) << host;
  }
  for (const char* host : {"evil.example", "sts.us-east-2.amazonaws.com", "sts.us-east-1.amazonaws.com.evil.example",
                           "STS.amazonaws.com", "127.0.0.1:8787", "sts.amazonaws.com:8443"}) {
    parts_.host = host;
    EXPECT_EQ(refusal(), TokenRefusal::kHost) << host;
  }
  parts_.scheme = "http";
  parts_.host = "127.0.0.1:8787";
  EXPECT_EQ(refusal(), std::nullopt);
  parts_.host = "sts.amazonaws.com";
  EXPECT_EQ(refusal(), TokenRefusal::kHost) << "STS is asked by https alone";
}

TEST_F(TokenVerifyTest, IsForStsOfThisRegion) {
  parts_.service = "eks";
  EXPECT_EQ(refusal(), TokenRefusal::kCredential);
  parts_ = {};
  parts_.region = "eu-west-1";
  EXPECT_EQ(refusal(parts_.signed_at), TokenRefusal::kCredential);
}

TEST_F(TokenVerifyTest, EveryFaultOfTheTokenIsToldApart) {
  const TokenParts good = parts_;
  const auto with = [&](auto change) {
    parts_ = good;
    change(parts_);
    return refusal();
  };
  EXPECT_EQ(with([](TokenParts& p) { p.action = "AssumeRole"; }), TokenRefusal::kAction);
  EXPECT_EQ(with([](TokenParts& p) { p.expires = "901"; }), TokenRefusal::kExpires);
  EXPECT_EQ(with([](TokenParts& p) { p.more = "&Action=GetCallerIdentity"; }), TokenRefusal::kParameter);
  EXPECT_EQ(with([](TokenParts& p) { p.signed_headers = {"host"}; }), TokenRefusal::kSignedHeaders);
  EXPECT_EQ(with([](TokenParts& p) { p.path = "/sts"; }), TokenRefusal::kFormat);
  EXPECT_EQ(with([](TokenParts& p) { p.method = "POST"; }), TokenRefusal::kSignature);
  EXPECT_EQ(with([](TokenParts& p) { p.access_key_id = "a/b"; }), TokenRefusal::kCredential);
  EXPECT_EQ(with([](TokenParts& p) { p.access_key_id = "AKIANOBODY"; }), TokenRefusal::kUnknownKey);
  EXPECT_EQ(verify("").error(), TokenRefusal::kFormat);
  EXPECT_EQ(verify("eyJhbGciOiJSUzI1NiJ9.e30.x").error(), TokenRefusal::kFormat);
  EXPECT_EQ(verify(std::string(base::limits::kEksTokenBytes + 1, 'k')).error(), TokenRefusal::kTooLong);
}

TEST(TokenRefusalTest, EachHasItsReasonAndMessage) {
  std::set<std::string_view> reasons;
  std::set<std::string_view> messages;
  for (int i = 0; i <= static_cast<int>(kLastTokenRefusal); ++i) {
    reasons.insert(reason_of(static_cast<TokenRefusal>(i)));
    messages.insert(message_of(static_cast<TokenRefusal>(i)));
  }
  EXPECT_EQ(reasons.size(), static_cast<std::size_t>(kLastTokenRefusal) + 1);
  EXPECT_EQ(messages.size(), reasons.size());
}

TEST(TokenHostsTest, AWildcardListenerMeansEveryAddress) {
  const TokenHosts hosts(kRegion, {"https://0.0.0.0:8787", "https://api.example.com:443", "http://[::]:80"});
  EXPECT_TRUE(hosts.admits("https", "10.0.0.5:8787"));
  EXPECT_TRUE(hosts.admits("https", "[2001:db8::1]:8787"));
  EXPECT_FALSE(hosts.admits("http", "10.0.0.5:8787"));
  EXPECT_FALSE(hosts.admits("https", "10.0.0.5"));
  EXPECT_FALSE(hosts.admits("https", "evil.example:8787"));
  EXPECT_TRUE(hosts.admits("https", "api.example.com"));
  EXPECT_TRUE(hosts.admits("http", "10.0.0.5"));
}

}  // namespace
}  // namespace sallyport::iam
