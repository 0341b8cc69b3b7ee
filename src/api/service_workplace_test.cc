#include "api/service_fixture_test.h"
#include "api/workplace/test_ticket.h"
#include "base/limits.h"

namespace sallyport::api {
namespace {

using workplace::kTicket;

class OneHost final : public workplace::Host {
 public:
  base::Result<workplace::Granted> open(const workplace::HostRequest& request) override {
    asked.push_back(request);
    if (refusal) return base::fail(*refusal);
    return workplace::Granted{kTicket, "ws-0123456789abcdef", 900, 1'800'000'000};
  }
  std::vector<workplace::HostRequest> asked;
  std::optional<base::Error> refusal;
};

class ServiceWorkplaceTest : public ApiServiceTest {
 protected:
  void SetUp() override {
    ApiServiceTest::SetUp();
    model::Cluster cluster;
    cluster.name = model::ClusterName("prod");
    cluster.status = model::ClusterStatus::kActive;
    cluster.certificate_authority_pem = "PEM";
    control_.clusters[cluster.name] = cluster;
  }
  HttpResponse open(const std::string& body = {}) {
    return with_host_.handle(signed_request("sallyport", "POST", "/sallyport/clusters/prod/workplace", body));
  }

  OneHost host_;
  workplace::Tickets tickets_;
  workplace::Workplace workplace_{host_, tickets_};
  ApiService with_host_{control_,
                        credentials_,
                        sealer_,
                        clock_,
                        entropy_,
                        audit_,
                        model::AccountId("000000000000"),
                        model::Region("eu-west-1"),
                        "token key",
                        {},
                        {},
                        &workplace_};
};

TEST_F(ServiceWorkplaceTest, OpensOneWithCredentialsOfTheCallerAndTellsNoSecretToTheAuditLog) {
  const HttpResponse opened = open("{}");
  EXPECT_EQ(opened.body, R"({"ticket":")" + kTicket + R"(","session":"ws-0123456789abcdef","idleSeconds":900,)" +
                             R"("endsAt":1800000000})");
  ASSERT_EQ(host_.asked.size(), 1U);
  const iam::Session& given = host_.asked[0].credentials;
  EXPECT_EQ(given.expires_at, clock_.time + base::limits::kSessionTokenOfRoot);
  const auto key = iam::find_session_key(credentials_, {}, sealer_, model::AccountId("000000000000"),
                                         given.access_key_id, host_.asked[0].session_token, clock_.time);
  ASSERT_TRUE(key);
  EXPECT_TRUE(key->principal.is_root);
  const auto pass = tickets_.take(kTicket, std::chrono::steady_clock::now());
  ASSERT_TRUE(pass);
  EXPECT_EQ(pass->cluster.str(), "prod");
  EXPECT_EQ(pass->minted_key_id, given.access_key_id);
  ASSERT_EQ(audit_.entries.size(), 1U);
  const std::string& record = audit_.entries[0].line;
  EXPECT_NE(record.find(R"("eventName":"OpenWorkplace")"), std::string::npos) << record;
  EXPECT_NE(record.find("ws-0123456789abcdef"), std::string::npos);
  EXPECT_EQ(record.find(kTicket), std::string::npos);
}

TEST_F(ServiceWorkplaceTest, RefusesInWordsThatSayWhatToDo) {
  const auto asks = [&] { return host_.asked.size(); };
  EXPECT_EQ(open(R"({"x":1})").status, 400);
  EXPECT_EQ(service_.handle(signed_request("sallyport", "POST", "/sallyport/clusters/prod/workplace")).status, 400)
      << "none is configured";
  EXPECT_EQ(with_host_.handle(signed_request("sallyport", "POST", "/sallyport/clusters/none/workplace")).status, 404);
  audit_.is_ready = false;
  EXPECT_EQ(open().status, 503) << "what cannot be recorded is not done";
  audit_.is_ready = true;
  EXPECT_EQ(asks(), 0U);
  host_.refusal = base::Error{base::ErrorKind::kLimitExceeded, "you have 4", ""};
  EXPECT_EQ(header(open(), "x-amzn-ErrorType"), "ResourceLimitExceededException");
  host_.refusal = base::Error{base::ErrorKind::kUnavailable, "down", ""};
  EXPECT_EQ(header(open(), "x-amzn-ErrorType"), "ServiceUnavailableException");
  tickets_.close();
  EXPECT_EQ(open().status, 503);
  EXPECT_EQ(asks(), 2U) << "a server that stops asks no host";
}

TEST_F(ServiceWorkplaceTest, SessionTokensAreOfTheCallerAndOpenNoOtherOperationOfSts) {
  const std::string action = "Action=GetSessionToken&Version=2011-06-15";
  const HttpResponse given = service_.handle(signed_request("sts", "POST", "/", action + "&DurationSeconds=900"));
  ASSERT_EQ(given.status, 200) << given.body;
  const auto between = [&](const std::string& element) {
    const std::size_t begin = given.body.find("<" + element + ">") + element.size() + 2;
    return given.body.substr(begin, given.body.find("</", begin) - begin);
  };
  EXPECT_EQ(between("Expiration"), "2026-11-24T14:45:00Z");
  const auto signed_by_session = [&](const std::string& service, const std::string& body) {
    HttpRequest request = request_to(service, "POST", "/", body);
    request.headers.emplace_back("X-Amz-Security-Token", between("SessionToken"));
    const std::string id = between("AccessKeyId");
    const std::string secret = between("SecretAccessKey");
    sign(request, service, {id, secret});
    return service_.handle(request);
  };
  const auto who = signed_by_session("sts", "Action=GetCallerIdentity&Version=2011-06-15");
  EXPECT_NE(who.body.find("<Arn>arn:aws:iam::000000000000:root</Arn>"), std::string::npos) << who.body;
  const auto again = signed_by_session("sts", action);
  EXPECT_EQ(again.status, 403);
  EXPECT_NE(again.body.find("Cannot call GetSessionToken with session credentials"), std::string::npos);
  const auto iam = signed_by_session("iam", "Action=ListUsers&Version=2010-05-08");
  EXPECT_EQ(iam.status, 403);
  EXPECT_NE(iam.body.find("<Code>InvalidClientTokenId</Code>"), std::string::npos);
  for (const char* wrong : {"&DurationSeconds=899", "&DurationSeconds=129601", "&DurationSeconds=x", "&TokenCode=1"})
    EXPECT_EQ(service_.handle(signed_request("sts", "POST", "/", action + wrong)).status, 400) << wrong;
  const auto day = service_.handle(signed_request("sts", "POST", "/", action + "&DurationSeconds=86400"));
  EXPECT_NE(day.body.find("<Expiration>2026-11-24T15:30:00Z</Expiration>"), std::string::npos) << "root's are cut";
}

}  // namespace
}  // namespace sallyport::api
