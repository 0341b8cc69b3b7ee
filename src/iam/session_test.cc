#include "iam/session.h"

#include <gtest/gtest.h>

#include <memory>

#include "iam/principals.h"

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
    return find_session_key(root_keys_, identities_, sealer_, kAccount, id, token, at);
  }

  base::SystemEntropy entropy_;
  Sealer sealer_{wire::AeadKey{}, entropy_};
  CredentialStore root_keys_;
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

TEST_F(SessionTest, OfAUserItEndsWithTheKeyThatAskedForIt) {
  model::IamUser ann;
  ann.id = model::IamUserId("AIDA1");
  ann.name = "ann";
  std::get<model::Table<model::IamUser>>(identities_)[ann.id] = std::make_shared<const model::IamUser>(ann);
  model::AccessKeyRecord record;
  record.id = model::AccessKeyId("AKIA1");
  record.user = ann.id;
  record.sealed_secret = sealer_.seal("secret", seal_purpose(record.id));
  const auto keep = [&] {
    std::get<model::Table<model::AccessKeyRecord>>(identities_)[record.id] =
        std::make_shared<const model::AccessKeyRecord>(record);
  };
  keep();
  const Principal caller = find_user_key(identities_, sealer_, kAccount, "AKIA1")->principal;
  const Session session = session_of_caller(caller, "AKIA1", kNow, kNow + 1h, entropy_);
  const std::string token = session_token(session, sealer_);
  EXPECT_EQ(open_session_token(token, sealer_), session);
  const auto found = key(session.access_key_id, token);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->principal.arn.str(), "arn:aws:iam::000000000000:user/ann");
  EXPECT_EQ(found->principal.user_id, "AIDA1");
  EXPECT_EQ(found->principal.user, ann.id);
  ASSERT_TRUE(found->principal.temporary);

  const Session further = session_of_caller(found->principal, session.access_key_id, kNow + 30min, kNow + 3h, entropy_);
  EXPECT_EQ(further.expires_at, session.expires_at) << "none outlives the one that asked for it";
  EXPECT_EQ(further.issuing_key, "AKIA1");
  EXPECT_EQ(further.issued_at, kNow);

  record.active = false;
  keep();
  EXPECT_FALSE(key(session.access_key_id, token));
  record.active = true;
  keep();
  EXPECT_TRUE(key(session.access_key_id, token));
  std::get<model::Table<model::IamUser>>(identities_).clear();
  EXPECT_FALSE(key(session.access_key_id, token));
}

TEST_F(SessionTest, FurtherOnesOfARoleAreOfTheSameNameAndTime) {
  const Principal caller = key(session_.access_key_id, token_)->principal;
  const Session further = session_of_caller(caller, session_.access_key_id, kNow + 30min, kNow + 3h, entropy_);
  EXPECT_NE(further.access_key_id, session_.access_key_id);
  EXPECT_EQ(further.expires_at, session_.expires_at);
  const auto found = key(further.access_key_id, session_token(further, sealer_));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->principal.arn, caller.arn);
  EXPECT_EQ(found->principal.issuer->issued_at, kNow);
}

TEST_F(SessionTest, WhoAssumedARoleHoldsWhatItsSessionsHoldUnderEveryName) {
  const auto of = [&](const Session& session) {
    return key(session.access_key_id, session_token(session, sealer_))->principal;
  };
  EXPECT_EQ(who_holds(of(session_)), "AROA1") << "a token of an earlier version does not say";
  Principal ann;
  ann.user_id = "AIDA1";
  EXPECT_EQ(who_holds(ann), "AIDA1");
  session_.assumed_by = who_holds(ann);
  EXPECT_EQ(who_holds(of(session_)), "AIDA1");
  EXPECT_EQ(who_holds(of(session_of_caller(of(session_), session_.access_key_id, kNow, kNow + 1h, entropy_))), "AIDA1");
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
