#include "iam/session.h"

#include <gtest/gtest.h>

#include <memory>

namespace sallyport::iam {
namespace {

using namespace std::chrono_literals;

const model::AccountId kAccount("000000000000");
const base::Time kNow{base::Millis(1'764'000'000'000)};

class SessionTest : public testing::Test {
 protected:
  SessionTest() {
    role_.id = model::IamRoleId("AROA1");
    role_.name = "ops";
    std::get<model::Table<model::IamRole>>(identities_)[role_.id] = std::make_shared<const model::IamRole>(role_);
    session_ = new_session(role_, "ann", kNow, kNow + 1h, entropy_);
    token_ = session_token(session_, sealer_);
  }
  std::optional<AccessKey> key(const std::string& id, std::string_view token, base::Time at = kNow) {
    return find_session_key(identities_, sealer_, kAccount, id, token, at);
  }

  base::SystemEntropy entropy_;
  Sealer sealer_{wire::AeadKey{}, entropy_};
  model::IdentityObjects identities_;
  model::IamRole role_;
  Session session_;
  std::string token_;
};

TEST_F(SessionTest, ATokenHoldsIt) {
  EXPECT_EQ(session_.access_key_id.substr(0, 4), "ASIA");
  EXPECT_EQ(session_.access_key_id.size(), 20U);
  EXPECT_EQ(open_session_token(token_, sealer_), session_);
  EXPECT_EQ(token_.find(session_.secret), std::string::npos);
  const auto found = key(session_.access_key_id, token_);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->secret, session_.secret);
  EXPECT_EQ(found->principal.arn.str(), "arn:aws:sts::000000000000:assumed-role/ops/ann");
  EXPECT_EQ(found->principal.user_id, "AROA1:ann");
  EXPECT_EQ(found->principal.role, role_.id);
  ASSERT_TRUE(found->principal.issuer);
  EXPECT_EQ(found->principal.issuer->arn.str(), "arn:aws:iam::000000000000:role/ops");
  EXPECT_EQ(found->principal.issuer->name, "ops");
  EXPECT_EQ(found->principal.issuer->issued_at, kNow);
}

TEST_F(SessionTest, TokensOfEarlierVersionsSayNotSinceWhen) {
  session_.issued_at = std::nullopt;
  const auto found = key(session_.access_key_id, session_token(session_, sealer_));
  ASSERT_TRUE(found && found->principal.issuer);
  EXPECT_EQ(found->principal.issuer->issued_at, std::nullopt);
}

TEST_F(SessionTest, EndsAtItsTime) {
  EXPECT_TRUE(key(session_.access_key_id, token_, kNow + 1h - 1ms));
  EXPECT_FALSE(key(session_.access_key_id, token_, kNow + 1h));
}

TEST_F(SessionTest, EndsWithItsRole) {
  identities_ = {};
  EXPECT_FALSE(key(session_.access_key_id, token_));
}

TEST_F(SessionTest, IsOfItsKeyAlone) {
  const Session other = new_session(role_, "bob", kNow, kNow + 1h, entropy_);
  EXPECT_FALSE(key(other.access_key_id, token_));
  EXPECT_FALSE(key(session_.access_key_id, ""));
  EXPECT_FALSE(key(session_.access_key_id, sealer_.seal("{}", "session")));
  EXPECT_FALSE(key(session_.access_key_id, sealer_.seal("x", "session")));
  wire::AeadKey foreign{};
  foreign.fill(1);
  EXPECT_FALSE(key(session_.access_key_id, session_token(session_, Sealer(foreign, entropy_))));
}

}  // namespace
}  // namespace sallyport::iam
