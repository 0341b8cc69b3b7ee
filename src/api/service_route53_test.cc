#include "api/service_fixture_test.h"

namespace sallyport::api {
namespace {

TEST_F(ApiServiceTest, Route53IsScopedToOurRegionOrTheGlobalOne) {
  const std::string target = "/2013-04-01/hostedzone";
  for (const char* region : {"eu-west-1", "us-east-1"}) {
    const HttpResponse response = service_.handle(signed_request("route53", "GET", target, {}, region));
    EXPECT_EQ(response.status, 200) << region;
    EXPECT_NE(response.body.find("<HostedZones/>"), std::string::npos);
  }
  EXPECT_EQ(service_.stats().calls.at("route53:ListHostedZones 200"), 2U);
  EXPECT_EQ(service_.handle(signed_request("eks", "GET", "/clusters", {}, "us-east-1")).status, 403);
}

TEST_F(ApiServiceTest, Route53RefusesStrangersInItsEnvelope) {
  const std::string target = "/2013-04-01/hostedzone";
  const std::string start = R"(<ErrorResponse xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Error>)";
  HttpRequest unsigned_one{.method = "GET", .target = target, .headers = {{"Host", "x"}}, .body = {}, .source = {}};
  EXPECT_NE(service_.handle(unsigned_one).body.find(start + "<Type>Sender</Type><Code>MissingAuthenticationToken<"),
            std::string::npos);
  const HttpResponse elsewhere = service_.handle(signed_request("route53", "GET", target, {}, "us-west-2"));
  EXPECT_EQ(elsewhere.status, 403);
  EXPECT_NE(elsewhere.body.find(start + "<Type>Sender</Type><Code>SignatureDoesNotMatch<"), std::string::npos);

  iam::AccessKey other = iam::make_access_key(entropy_, {.arn = model::Arn("arn:aws:iam::000000000000:user/eve"),
                                                         .user_id = "AIDAEVE",
                                                         .account = model::AccountId("000000000000"),
                                                         .is_root = false});
  credentials_.put(other);
  key_ = other;
  const HttpResponse denied = service_.handle(signed_request("route53", "GET", target));
  EXPECT_EQ(denied.status, 403);
  EXPECT_NE(denied.body.find(start + "<Type>Sender</Type><Code>AccessDenied</Code>"), std::string::npos);
  EXPECT_NE(denied.body.find("perform: route53:ListHostedZones"), std::string::npos);
}

}  // namespace
}  // namespace sallyport::api
