#include "wire/eks_token_sign.h"

#include <gtest/gtest.h>

#include "base/bytes.h"
#include "wire/eks_token.h"
#include "wire/test_eks_tokens.h"

namespace sallyport::wire {
namespace {

const base::Time kNow = *base::parse_amz_date("20261124T143000Z");

EksTokenRequest request() {
  return {"demo",
          "us-east-1",
          "https",
          "sts.us-east-1.amazonaws.com",
          "AKIAIOSFODNN7EXAMPLE",
          "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
          {}};
}

TEST(SignEksToken, IsWhatClientsSign) {
  testing_tokens::TokenParts parts;
  EXPECT_EQ(sign_eks_token(request(), kNow), testing_tokens::token_of(parts));
}

TEST(SignEksToken, TheVerifierAcceptsItForItsClusterAndSecretAlone) {
  EksTokenRequest asked = request();
  asked.security_token = "FwoG+/=token with more";
  asked.scheme = "http";
  asked.host = "127.0.0.1:8787";
  const auto read = read_eks_token(sign_eks_token(asked, kNow));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->host, "127.0.0.1:8787");
  EXPECT_EQ(read->authorization.security_token, asked.security_token);
  EXPECT_TRUE(verify_eks_token(*read, "demo", asked.secret, "us-east-1", kNow));
  EXPECT_FALSE(verify_eks_token(*read, "other", asked.secret, "us-east-1", kNow));
  EXPECT_FALSE(verify_eks_token(*read, "demo", "another", "us-east-1", kNow));
  EXPECT_FALSE(verify_eks_token(*read, "demo", asked.secret, "us-east-1", kNow + base::Seconds(1'000)));
}

TEST(SignEksToken, TheSchemesOwnPortIsNotSigned) {
  EksTokenRequest asked = request();
  asked.host = "sts.us-east-1.amazonaws.com:443";
  EXPECT_EQ(sign_eks_token(asked, kNow), sign_eks_token(request(), kNow));
}

}  // namespace
}  // namespace sallyport::wire
