#include "app/certificates.h"

#include <gtest/gtest.h>

#include "app/pem.h"

namespace sallyport::app {
namespace {

using namespace std::chrono_literals;

const base::Time kNow{base::Seconds(1'795'000'000)};

TEST(CertificatesTest, AnAuthoritySignsServersForTheirNames) {
  const auto authority = make_authority("test", kNow, 24h);
  ASSERT_TRUE(authority);
  EXPECT_TRUE(signs_itself(authority->certificate_pem));
  EXPECT_TRUE(check_key_pair(authority->certificate_pem, authority->key_pem));
  const auto server = issue_serving(*authority, {"10.0.0.5", "2001:db8::1", "api.example.com"}, kNow, 1h);
  ASSERT_TRUE(server);
  EXPECT_TRUE(check_key_pair(server->certificate_pem, server->key_pem));
  EXPECT_TRUE(is_signed_by(server->certificate_pem, authority->certificate_pem));
  const auto facts = read_certificate(server->certificate_pem);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->names, (std::set<std::string>{"10.0.0.5", "2001:db8::1", "api.example.com"}));
  EXPECT_EQ(facts->begins, kNow - 5min);
  EXPECT_EQ(facts->ends, kNow + 1h);
}

TEST(CertificatesTest, ANameIsANameWhateverItHolds) {
  const auto authority = make_authority("test", kNow, 24h);
  ASSERT_TRUE(authority);
  const auto server = issue_serving(*authority, {"a.example,DNS:b.example"}, kNow, 1h);
  ASSERT_TRUE(server);
  EXPECT_EQ(read_certificate(server->certificate_pem)->names, std::set<std::string>{"a.example,DNS:b.example"});
}

TEST(CertificatesTest, AServersEndsWithItsAuthority) {
  const auto authority = make_authority("test", kNow, 1h);
  ASSERT_TRUE(authority);
  EXPECT_EQ(read_certificate(issue_serving(*authority, {"a"}, kNow, 24h)->certificate_pem)->ends, kNow + 1h);
}

TEST(CertificatesTest, OthersAreToldApart) {
  const auto authority = make_authority("test", kNow, 24h);
  const auto other = make_authority("test", kNow, 24h);
  ASSERT_TRUE(authority && other);
  EXPECT_FALSE(is_signed_by(issue_serving(*other, {"a"}, kNow, 1h)->certificate_pem, authority->certificate_pem));
  EXPECT_TRUE(split_keyed(authority->both()));
  EXPECT_EQ(split_keyed(authority->both())->key_pem, authority->key_pem);
  EXPECT_FALSE(split_keyed(authority->certificate_pem + other->key_pem));
  EXPECT_FALSE(split_keyed(""));
  EXPECT_FALSE(read_certificate("text"));
  EXPECT_FALSE(issue_serving(*authority, {}, kNow, 1h));
  EXPECT_FALSE(issue_serving({"x", "y"}, {"a"}, kNow, 1h));
}

}  // namespace
}  // namespace sallyport::app
