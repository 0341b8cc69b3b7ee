#include "api/workplace/standing.h"

#include <gtest/gtest.h>

#include "api/eks/fake_control_plane.h"
#include "iam/test_people.h"

namespace sallyport::api::workplace {
namespace {

using namespace iam::testing_people;

struct At final : base::Clock {
  base::Time now() const override { return time; }
  base::Time time = kNow;
};

// ann has a terminal of "demo", which she opened with her key, or as a session of ops.
class StandingTest : public testing::Test {
 protected:
  StandingTest() {
    control_.clusters[people_.cluster.name] = people_.cluster;
    allow(R"({"Effect":"Allow","Action":"sallyport:OpenWorkplace",)"
          R"("Resource":"arn:aws:eks:us-east-1:000000000000:cluster/demo"})");
    control_.identities = people_.identities;
    open(people_.ann_principal());
  }

  void open(const iam::Principal& caller) {
    const iam::Session session = iam::session_of_caller(caller, people_.key.id.str(), kNow, kNow + 1h, people_.entropy);
    pass_ = {.session = "ws-1",
             .cluster = people_.cluster.name,
             .principal = caller,
             .access_key_id = people_.key.id.str(),
             .minted_key_id = session.access_key_id,
             .session_token = iam::session_token(session, people_.sealer),
             .request = {.method = "POST",
                         .target = "/sallyport/clusters/demo/workplace",
                         .headers = {},
                         .body = {},
                         .source = *base::IpAddress::parse("10.0.0.9")}};
  }
  void allow(const std::string& statement) {
    model::IamUser ann = people_.ann;
    ann.permissions.inline_policies["terminals"] = R"({"Version":"2012-10-17","Statement":[)" + statement + "]}";
    put(people_.identities, ann);
    control_.identities = people_.identities;
  }
  std::optional<Standing> standing() const {
    return standing_of(pass_, {control_, people_.root_keys, people_.sealer, clock_, kAccount, kRegion});
  }

  People people_;
  eks::FakeControlPlane control_;
  At clock_;
  Pass pass_;
};

TEST_F(StandingTest, OfAUserEndsWithTheKeyThePolicyTheClusterAndItsTime) {
  EXPECT_EQ(standing(), Standing::kGood);
  model::AccessKeyRecord key = people_.key;
  key.active = false;
  put(control_.identities, key);
  EXPECT_EQ(standing(), Standing::kKeyGone);
  put(control_.identities, people_.key);
  EXPECT_EQ(standing(), Standing::kGood);
  put(control_.identities, people_.ann);
  EXPECT_EQ(standing(), Standing::kNotAllowed) << "no policy is left";
  control_.identities = people_.identities;
  clock_.time = kNow + 1h;
  EXPECT_EQ(standing(), Standing::kKeyGone);
  clock_.time = kNow;
  control_.failure = base::Error{base::ErrorKind::kUnavailable, "no store", ""};
  EXPECT_EQ(standing(), std::nullopt);
  control_.failure.reset();
  control_.clusters.clear();
  EXPECT_EQ(standing(), Standing::kClusterGone);
}

TEST_F(StandingTest, OfARoleEndsWithTheRole) {
  open(people_.ops_session("ann"));
  EXPECT_EQ(standing(), Standing::kNotAllowed) << "ann's policy is not the role's";
  std::get<model::Table<model::IamRole>>(control_.identities).clear();
  EXPECT_EQ(standing(), Standing::kKeyGone);
}

TEST_F(StandingTest, IsJudgedAsTheCallWas) {
  const std::string open = R"("Action":"sallyport:OpenWorkplace","Resource":"*","Condition")";
  allow(R"({"Effect":"Allow",)" + open +
        R"(:{"IpAddress":{"aws:SourceIp":"10.0.0.0/24"},)"
        R"("Null":{"aws:TokenIssueTime":"true"}}})");
  EXPECT_EQ(standing(), Standing::kGood) << "a lasting key signed, though what is in the shell is temporary";
  pass_.request.source = *base::IpAddress::parse("10.0.1.9");
  EXPECT_EQ(standing(), Standing::kNotAllowed);
}

}  // namespace
}  // namespace sallyport::api::workplace
