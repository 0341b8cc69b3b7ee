#include "wire/eks_token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <string>

#include "base/limits.h"
#include "wire/test_eks_tokens.h"

namespace sallyport::wire {
namespace {

using namespace std::chrono_literals;
using testing_tokens::token_of;
using testing_tokens::TokenParts;
using testing_tokens::url_of;

const TokenParts kGood;
constexpr std::string_view kRegion = "us-east-1";

EksTokenFault fault_of(const std::string& token) {
  const auto read = read_eks_token(token);
  EXPECT_FALSE(read) << token;
  return read ? EksTokenFault{} : read.error();
}
EksTokenFault fault_of(const TokenParts& parts) { return fault_of(token_of(parts)); }

bool verifies(const TokenParts& parts, base::Time now = kGood.signed_at, std::string_view cluster = "demo") {
  const auto read = read_eks_token(token_of(parts));
  return read && verify_eks_token(*read, cluster, kGood.secret, kRegion, now).has_value();
}

// Written by `aws eks get-token` (aws-cli 1.45.11) with AWS_ENDPOINT_URL=http://127.0.0.1:8787 and the secret "x".
constexpr std::string_view kOfAwsCli =
    "http://127.0.0.1:8787/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-Algorithm=AWS4-HMAC-SHA256&"
    "X-Amz-Credential=AKIAAAAAAAAAAAAAAAAA%2F20261125%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20261125T103920Z&"
    "X-Amz-Expires=60&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&"
    "X-Amz-Signature=ca1f6bedc425a8ef80425f0ef378be8817c84ea5133bbaf24227e9382674097a";

TEST(EksTokenTest, ReadsWhatTheAwsCliWrites) {
  const auto read = read_eks_token(write_eks_token(kOfAwsCli));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->scheme, "http");
  EXPECT_EQ(read->host, "127.0.0.1:8787");
  EXPECT_EQ(read->authorization.access_key_id, "AKIAAAAAAAAAAAAAAAAA");
  EXPECT_EQ(read->authorization.service, "sts");
  EXPECT_TRUE(verify_eks_token(*read, "demo", "x", kRegion, read->authorization.signed_at));
  EXPECT_FALSE(verify_eks_token(*read, "demo2", "x", kRegion, read->authorization.signed_at));
  EXPECT_FALSE(verify_eks_token(*read, "demo", "y", kRegion, read->authorization.signed_at));
  EXPECT_FALSE(verify_eks_token(*read, "demo", "x", "us-east-2", read->authorization.signed_at));
}

// Written by `aws-iam-authenticator token -i demo` (0.6.13) with the secret "x": it states a lifetime of no second.
constexpr std::string_view kOfAuthenticator =
    "https://sts.us-east-1.amazonaws.com/?Action=GetCallerIdentity&Version=2011-06-15&"
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&"
    "X-Amz-Credential=AKIAAAAAAAAAAAAAAAAA%2F20261125%2Fus-east-1%2Fsts%2Faws4_request&X-Amz-Date=20261125T113949Z&"
    "X-Amz-Expires=0&X-Amz-SignedHeaders=host%3Bx-k8s-aws-id&"
    "X-Amz-Signature=3efd75fdc46fd4fddac73b0dc6a48977c2c1a6905126d12d6ee8a7d355956f23";

TEST(EksTokenTest, ReadsWhatAwsIamAuthenticatorWrites) {
  const auto read = read_eks_token(write_eks_token(kOfAuthenticator));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->host, "sts.us-east-1.amazonaws.com");
  EXPECT_TRUE(verify_eks_token(*read, "demo", "x", kRegion, read->authorization.signed_at + 15min));
  EXPECT_FALSE(verify_eks_token(*read, "demo2", "x", kRegion, read->authorization.signed_at));
}

TEST(EksTokenTest, ASessionsTokenComesAlong) {
  TokenParts parts;
  parts.security_token = "abc/+def=";
  const auto read = read_eks_token(token_of(parts));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->authorization.security_token, "abc/+def=");
  EXPECT_TRUE(verifies(parts));
}

TEST(EksTokenTest, IsGoodForFifteenMinutesWhateverItSays) {
  TokenParts parts;
  parts.expires = "1";
  EXPECT_TRUE(verifies(parts, kGood.signed_at + 15min));
  EXPECT_FALSE(verifies(parts, kGood.signed_at + 15min + 1s));
  EXPECT_TRUE(verifies(parts, kGood.signed_at - 5min));
  EXPECT_FALSE(verifies(parts, kGood.signed_at - 5min - 1s));
}

TEST(EksTokenTest, TheSchemesOwnPortIsNotSigned) {
  TokenParts parts;
  parts.host = "sts.local";
  std::string url = url_of(parts);
  url.insert(url.find("local") + 5, ":443");
  const auto read = read_eks_token(write_eks_token(url));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->host, "sts.local");
  EXPECT_TRUE(verify_eks_token(*read, "demo", kGood.secret, kRegion, kGood.signed_at));
  EXPECT_EQ(without_default_port("http", "a:80"), "a");
  EXPECT_EQ(without_default_port("http", "a:443"), "a:443");
}

TEST(EksTokenTest, RefusesWhatIsNoToken) {
  EXPECT_EQ(fault_of(""), EksTokenFault::kPrefix);
  EXPECT_EQ(fault_of("k8s-aws-v2." + token_of(kGood).substr(11)), EksTokenFault::kPrefix);
  EXPECT_EQ(fault_of("K8S-aws-v1." + token_of(kGood).substr(11)), EksTokenFault::kPrefix);
  EXPECT_EQ(fault_of("k8s-aws-v1."), EksTokenFault::kUrl);
  EXPECT_EQ(fault_of(token_of(kGood) + "="), EksTokenFault::kEncoding);
  EXPECT_EQ(fault_of(token_of(kGood) + "\n"), EksTokenFault::kEncoding);
  EXPECT_EQ(fault_of(std::string(base::limits::kEksTokenBytes + 1, 'a')), EksTokenFault::kTooLong);
  EXPECT_EQ(fault_of(write_eks_token(token_of(kGood))), EksTokenFault::kUrl) << "encoded twice";
}

TEST(EksTokenTest, RefusesEveryTruncation) {
  const std::string token = token_of(kGood);
  for (std::size_t size = 0; size < token.size(); ++size)
    EXPECT_FALSE(read_eks_token(std::string_view(token).substr(0, size))) << size;
}

TEST(EksTokenTest, RefusesOtherUrls) {
  const auto with_url = [](const std::string& url) { return fault_of(write_eks_token(url)); };
  TokenParts parts;
  parts.path = "//";
  EXPECT_EQ(fault_of(parts), EksTokenFault::kUrl);
  parts.path = "/x";
  EXPECT_EQ(fault_of(parts), EksTokenFault::kUrl);
  parts = {};
  parts.scheme = "ftp";
  EXPECT_EQ(fault_of(parts), EksTokenFault::kUrl);
  parts.scheme = "HTTPS";
  EXPECT_EQ(fault_of(parts), EksTokenFault::kUrl);
  parts = {};
  for (const char* host : {"", "user@sts.amazonaws.com", "sts.amazonaws.com\\", "sts.amazonaws.com%2e", "a b"}) {
    parts.host = host;
    EXPECT_EQ(fault_of(parts), EksTokenFault::kUrl) << host;
  }
  EXPECT_EQ(with_url(url_of(kGood).substr(6)), EksTokenFault::kUrl);
  EXPECT_EQ(with_url("https://sts.amazonaws.com/"), EksTokenFault::kUrl);
  EXPECT_EQ(with_url("https://sts.amazonaws.com?" + url_of(kGood)), EksTokenFault::kUrl);
}

TEST(EksTokenTest, RefusesParametersThatHaveNoBusinessThere) {
  TokenParts parts;
  for (const char* more : {"&Foo=1", "&Action=GetCallerIdentity", "&action=GetCallerIdentity", "&X-Amz-Expires=60",
                           "&x-amz-expires=60", "&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD", "&", "&&Version=1",
                           "&=", "&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fx"}) {
    parts.more = more;
    EXPECT_EQ(fault_of(parts), EksTokenFault::kParameter) << more;
  }
  std::string url = url_of(kGood);
  EXPECT_EQ(fault_of(write_eks_token(url + "#x")), EksTokenFault::kParameter);
  EXPECT_EQ(fault_of(write_eks_token(url + "&X-Amz-Signature=" + std::string(64, '0'))), EksTokenFault::kParameter);
  url.replace(url.find("%2F"), 3, "%2f");
  EXPECT_EQ(fault_of(write_eks_token(url)), EksTokenFault::kParameter);
  url.replace(url.find("%2f"), 3, "/");
  EXPECT_EQ(fault_of(write_eks_token(url)), EksTokenFault::kParameter);
}

TEST(EksTokenTest, RefusesOtherActions) {
  TokenParts parts;
  parts.action = "AssumeRole";
  EXPECT_EQ(fault_of(parts), EksTokenFault::kAction);
  parts = {};
  parts.version = "2011-06-16";
  EXPECT_EQ(fault_of(parts), EksTokenFault::kAction);
}

TEST(EksTokenTest, RefusesOtherSignedHeaders) {
  TokenParts parts;
  parts.signed_headers = {"host"};
  EXPECT_EQ(fault_of(parts), EksTokenFault::kSignedHeaders);
  parts.signed_headers = {"x-k8s-aws-id"};
  EXPECT_EQ(fault_of(parts), EksTokenFault::kSignedHeaders);
  parts.signed_headers = {"host", "x-amz-meta", "x-k8s-aws-id"};
  parts.more_headers = {{"x-amz-meta", "1"}};
  EXPECT_EQ(fault_of(parts), EksTokenFault::kSignedHeaders);
}

TEST(EksTokenTest, RefusesOtherLifetimes) {
  TokenParts parts;
  for (const char* expires : {"-0", "-1", "901", "604800", "1e2", "60s", "", "99999999999999999999"}) {
    parts.expires = expires;
    EXPECT_EQ(fault_of(parts), EksTokenFault::kExpires) << expires;
  }
  for (const char* expires : {"0", "60", "900"}) {
    parts.expires = expires;
    EXPECT_TRUE(verifies(parts, kGood.signed_at + 15min)) << expires;
  }
}

TEST(EksTokenTest, RefusesWhatWasSignedForAnotherRequest) {
  TokenParts parts;
  parts.method = "POST";
  EXPECT_FALSE(verifies(parts));
  parts = {};
  parts.body = "Action=GetCallerIdentity";
  EXPECT_FALSE(verifies(parts));
  parts = {};
  parts.service = "ec2";
  EXPECT_TRUE(verifies(parts)) << "which service it is for, is the caller's to look at";
  parts = {};
  parts.secret = "another";
  EXPECT_FALSE(verifies(parts));
}

// Whichever character is another: no second token comes of one. Each by the change of one bit, here one there another.
TEST(EksTokenTest, NoCharacterMayBeAnother) {
  TokenParts parts;
  parts.security_token = "abc/+def=";
  const std::string token = token_of(parts);
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const auto accepted = [](const std::string& text) {
    const auto read = read_eks_token(text);
    return read && verify_eks_token(*read, "demo", kGood.secret, kRegion, kGood.signed_at).has_value();
  };
  ASSERT_TRUE(accepted(token));
  for (std::size_t at = 0; at < token.size(); ++at) {
    std::string mutated = token;
    const std::size_t value = kAlphabet.find(token[at]);
    mutated[at] = value == std::string_view::npos ? '_' : kAlphabet[value ^ (1U << (at % 6))];
    ASSERT_FALSE(accepted(mutated)) << "character " << at;
  }
}

RC_GTEST_PROP(EksTokenProperty, NoCharacterMayBeAnyOther, ()) {
  const std::string token = token_of(kGood);
  const auto at = *rc::gen::inRange<std::size_t>(0, token.size());
  const auto c = *rc::gen::arbitrary<char>();
  RC_PRE(c != token[at]);
  std::string mutated = token;
  mutated[at] = c;
  // Outside of the macro, whose operators evaluate both sides.
  const auto read = read_eks_token(mutated);
  const bool accepted = read && verify_eks_token(*read, "demo", kGood.secret, kRegion, kGood.signed_at).has_value();
  RC_ASSERT(!accepted);
}

}  // namespace
}  // namespace sallyport::wire
