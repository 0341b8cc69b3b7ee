#include "api/webhook_service.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "api/eks/fake_control_plane.h"
#include "api/failure_log.h"
#include "base/entropy.h"
#include "base/limits.h"
#include "iam/names.h"
#include "wire/json_parse.h"
#include "wire/test_eks_tokens.h"

namespace sallyport::api {
namespace {

using namespace std::chrono_literals;
using wire::testing_tokens::token_of;
using wire::testing_tokens::TokenParts;

class FixedClock final : public base::Clock {
 public:
  base::Time now() const override { return now_; }

 private:
  base::Time now_{base::Millis(1'764'000'000'000)};
};

const model::AccountId kAccount("000000000000");

class WebhookServiceTest : public testing::Test {
 protected:
  WebhookServiceTest() {
    cluster_.name = model::ClusterName("demo");
    cluster_.endpoint_id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
    control_.clusters[cluster_.name] = cluster_;
    root_ = iam::make_access_key(entropy_, iam::root_principal(kAccount));
    root_keys_.put(root_);
    model::AccessEntry entry;
    entry.id = model::access_entry_id(cluster_.name, root_.principal.arn);
    entry.cluster = cluster_.name;
    entry.principal = root_.principal.arn;
    entry.username = "root";
    entry.policies = {{.policy = model::Arn("arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy")}};
    std::get<model::Table<model::AccessEntry>>(control_.identities)[entry.id] =
        std::make_shared<const model::AccessEntry>(entry);
  }

  std::string token() const {
    TokenParts parts;
    parts.access_key_id = root_.id;
    parts.secret = root_.secret;
    parts.signed_at = clock_.now();
    return token_of(parts);
  }
  HttpResponse post(const std::string& target, std::string body, const std::string& authorization) {
    HttpRequest request;
    request.method = "POST";
    request.target = target;
    request.headers = {{"Host", "x"}, {"Authorization", authorization}};
    request.body = std::move(body);
    return service_.handle(request);
  }
  std::string bearer() const { return "Bearer " + bearers_.of(cluster_.endpoint_id); }
  static std::string token_review(const std::string& token) {
    return R"({"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":{"token":")" + token + R"("}})";
  }
  std::string access_review(const std::string& verb) const {
    return R"({"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{"user":"root",)"
           R"("extra":{"canonicalArn":[")" +
           root_.principal.arn.str() + R"("],"principalId":["000000000000"]},"resourceAttributes":{"verb":")" + verb +
           R"(","resource":"pods","namespace":"web"}}})";
  }

  FixedClock clock_;
  base::SystemEntropy entropy_;
  iam::Sealer sealer_{wire::AeadKey{}, entropy_};
  iam::CredentialStore root_keys_;
  iam::AccessKey root_;
  model::Cluster cluster_;
  eks::FakeControlPlane control_;
  iam::WebhookBearers bearers_{wire::AeadKey{}};
  WebhookService service_{control_,
                          root_keys_,
                          sealer_,
                          clock_,
                          bearers_,
                          kAccount,
                          model::Region("us-east-1"),
                          iam::TokenHosts(model::Region("us-east-1"), {})};
};

TEST_F(WebhookServiceTest, SaysWhoBearsAToken) {
  const HttpResponse response = post("/clusters/demo/token-review?timeout=30s", token_review(token()), bearer());
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find(R"("authenticated":true,"user":{"username":"root")"), std::string::npos)
      << response.body;
  EXPECT_EQ(service_.stats().token_reviews.at("authenticated"), 1U);
}

TEST_F(WebhookServiceTest, ARefusedTokenIsAnAnswerWithAReason) {
  const HttpResponse response = post("/clusters/demo/token-review", token_review("a.jwt.token"), bearer());
  EXPECT_EQ(response.status, 200);
  EXPECT_NE(response.body.find(R"("authenticated":false,"error":)"), std::string::npos);
  EXPECT_EQ(response.body.find("a.jwt.token"), std::string::npos);
  EXPECT_EQ(service_.stats().token_reviews.at("format"), 1U);
}

TEST_F(WebhookServiceTest, SaysWhatTheyMayDo) {
  const auto status = [&](const std::string& verb) {
    return post("/clusters/demo/access-review", access_review(verb), bearer()).body;
  };
  EXPECT_NE(status("get").find(R"("allowed":true,"denied":false)"), std::string::npos);
  EXPECT_NE(status("delete").find(R"("allowed":false,"denied":false)"), std::string::npos);
  EXPECT_EQ(service_.stats().access_reviews.at("policy"), 1U);
  EXPECT_EQ(service_.stats().access_reviews.at("no_policy"), 1U);
}

TEST_F(WebhookServiceTest, NeedsTheClustersOwnBearer) {
  const auto status = [&](const std::string& authorization) {
    return post("/clusters/demo/token-review", token_review(token()), authorization).status;
  };
  EXPECT_EQ(status(bearer()), 200);
  EXPECT_EQ(status(""), 401);
  EXPECT_EQ(status("Bearer "), 401);
  EXPECT_EQ(status("Basic " + bearers_.of(cluster_.endpoint_id)), 401);
  EXPECT_EQ(status(bearer() + "x"), 401);
  EXPECT_EQ(status(bearer().substr(0, bearer().size() - 1)), 401);
  EXPECT_EQ(status("Bearer " + bearers_.of(model::EndpointId("another"))), 401) << "of a cluster made before";
  EXPECT_EQ(service_.stats().refused.at("bearer"), 6U);
}

TEST_F(WebhookServiceTest, TwoBearersAreNone) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/clusters/demo/token-review";
  request.headers = {{"Authorization", bearer()}, {"authorization", "Bearer x"}};
  request.body = token_review(token());
  EXPECT_EQ(service_.handle(request).status, 401);
}

TEST_F(WebhookServiceTest, ServesNothingElse) {
  EXPECT_EQ(post("/clusters/other/token-review", token_review(token()), bearer()).status, 404);
  EXPECT_EQ(service_.stats().refused.at("unknown_cluster"), 1U);
  for (const std::string target :
       {"/", "/clusters/demo", "/clusters/demo/", "/clusters//token-review", "/clusters/demo/token-review/",
        "/clusters/demo/other", "/Clusters/demo/token-review", "/clusters/de/mo/token-review"}) {
    EXPECT_EQ(post(target, token_review(token()), bearer()).status, 404) << target;
  }
  HttpRequest get;
  get.method = "GET";
  get.target = "/clusters/demo/token-review";
  EXPECT_EQ(service_.handle(get).status, 405);
}

TEST_F(WebhookServiceTest, ABodyThatIsNoReviewIsRefused) {
  for (const std::string path : {"token-review", "access-review"}) {
    for (const std::string body : {"", "{}", "[", R"({"kind":"Pod"})"}) {
      const HttpResponse response = post("/clusters/demo/" + path, body, bearer());
      EXPECT_EQ(response.status, 400) << path << body;
      EXPECT_TRUE(wire::parse_json(response.body));
    }
  }
  EXPECT_EQ(post("/clusters/demo/access-review", token_review(token()), bearer()).status, 400);
  EXPECT_EQ(service_.stats().refused.at("malformed"), 9U);
}

TEST(WebhookBearersTest, ChangeWithTheKeyAndTheEndpoint) {
  const model::EndpointId one("1");
  const model::EndpointId two("2");
  wire::AeadKey key{};
  key[0] = 1;
  EXPECT_EQ(iam::WebhookBearers(key).of(one), iam::WebhookBearers(key).of(one));
  EXPECT_NE(iam::WebhookBearers(key).of(one), iam::WebhookBearers(key).of(two));
  EXPECT_NE(iam::WebhookBearers(key).of(one), iam::WebhookBearers(wire::AeadKey{}).of(one));
  EXPECT_EQ(iam::WebhookBearers(key).of(one).size(), 43U);
}

TEST(FailureLogTest, EachFailureIsLoggedOnceInAWhile) {
  FailureLog log;
  const base::Time start{};
  EXPECT_TRUE(log.admits("a", start));
  EXPECT_FALSE(log.admits("a", start + 59s));
  EXPECT_TRUE(log.admits("b", start + 59s));
  EXPECT_TRUE(log.admits("a", start + 60s));
}

TEST(FailureLogTest, RemembersSoManyAndNoMore) {
  FailureLog log;
  const base::Time start{};
  for (std::size_t i = 0; i < base::limits::kWebhookFailures; ++i)
    EXPECT_TRUE(log.admits(std::to_string(i), start));
  EXPECT_FALSE(log.admits("one more", start + 59s));
  EXPECT_TRUE(log.admits("one more", start + 60s));
}

}  // namespace
}  // namespace sallyport::api
