#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <map>
#include <sstream>

#include "api/service_fixture_test.h"

namespace sallyport::api {
namespace {

using namespace std::chrono_literals;

TEST_F(ApiServiceTest, StsTellsTheCallerWhoItIs) {
  const HttpResponse response = service_.handle(caller_identity());
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(header(response, "Content-Type"), "text/xml;charset=UTF-8");
  const std::string id = header(response, "x-amzn-RequestId");
  EXPECT_EQ(id.size(), 36U);
  EXPECT_EQ(response.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>"
            "<Arn>arn:aws:iam::000000000000:root</Arn><UserId>000000000000</UserId><Account>000000000000</Account>"
            "</GetCallerIdentityResult><ResponseMetadata><RequestId>" +
                id + "</RequestId></ResponseMetadata></GetCallerIdentityResponse>");
  EXPECT_NE(header(service_.handle(caller_identity()), "x-amzn-RequestId"), id);
}

TEST_F(ApiServiceTest, StsTakesGetAndTheGlobalRegion) {
  const std::string target = "/?Action=GetCallerIdentity&Version=2011-06-15";
  EXPECT_EQ(service_.handle(signed_request("sts", "GET", target)).status, 200);
  EXPECT_EQ(service_.handle(signed_request("sts", "GET", target, {}, "us-east-1")).status, 200);
  EXPECT_EQ(service_.handle(signed_request("sts", "GET", target, {}, "us-west-2")).status, 403);
}

TEST_F(ApiServiceTest, StsRefusesOtherActionsInItsEnvelope) {
  const std::map<std::string, std::string> codes = {
      {"Action=GetFederationToken&Version=2011-06-15", "InvalidAction"},
      {"Action=GetCallerIdentity&Version=2010-01-01", "InvalidAction"},
      {"Action=GetCallerIdentity", "InvalidAction"},
      {"Action=GetCallerIdentity&Action=GetCallerIdentity&Version=2011-06-15", "MissingAction"},
      {"", "MissingAction"},
      {"Action=%zz", "MalformedQueryString"},
  };
  for (const auto& [body, code] : codes) {
    const HttpResponse response = service_.handle(signed_request("sts", "POST", "/", body));
    EXPECT_EQ(response.status, 400) << body;
    EXPECT_NE(response.body.find("<ErrorResponse><Error><Type>Sender</Type><Code>" + code + "</Code>"),
              std::string::npos)
        << body << response.body;
    EXPECT_NE(response.body.find("<RequestId>" + header(response, "x-amzn-RequestId")), std::string::npos);
  }
  EXPECT_EQ(service_.handle(signed_request("sts", "PUT", "/")).status, 400);
  EXPECT_EQ(service_.stats().calls.at("sts:unknown 400"), 5U);
}

TEST_F(ApiServiceTest, EksGetsItsCallsWithTheirCaller) {
  const HttpResponse response = service_.handle(signed_request("eks", "GET", "/clusters/absent"));
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(header(response, "x-amzn-ErrorType"), "ResourceNotFoundException");
  EXPECT_EQ(header(response, "x-amzn-RequestId").size(), 36U);
  EXPECT_EQ(service_.handle(signed_request("eks", "GET", "/clusters")).status, 200);
  const std::map<std::string, std::uint64_t> calls = {{"eks:DescribeCluster 404", 1}, {"eks:ListClusters 200", 1}};
  EXPECT_EQ(service_.stats().calls, calls);

  const HttpResponse deleted = service_.handle(signed_request("eks", "DELETE", "/clusters/absent"));
  EXPECT_EQ(control_.caller->principal.str(), "arn:aws:iam::000000000000:root");
  EXPECT_EQ(control_.caller->source_address, "127.0.0.9");
  EXPECT_EQ(control_.caller->request_id, header(deleted, "x-amzn-RequestId"));
}

TEST_F(ApiServiceTest, ServicesThatAreNotServedSayWhatIs) {
  const HttpResponse ec2 =
      service_.handle(signed_request("ec2", "POST", "/", "Action=RunInstances&Version=2016-11-15"));
  EXPECT_EQ(ec2.status, 400);
  EXPECT_NE(ec2.body.find("<Response><Errors><Error><Code>InvalidAction</Code>"), std::string::npos);
  const HttpResponse sns = service_.handle(signed_request("sns", "POST", "/", "Action=ListTopics"));
  EXPECT_NE(sns.body.find("<Code>InvalidAction</Code><Message>Sallyport does not serve sns"), std::string::npos);
  const HttpResponse other = service_.handle(signed_request("dynamodb", "POST", "/", "{}"));
  EXPECT_EQ(header(other, "x-amzn-ErrorType"), "UnknownOperationException");
  EXPECT_EQ(service_.stats().calls.at("other:unknown 400"), 2U) << "a counter's name must not be the caller's choice";
}

TEST_F(ApiServiceTest, UnsignedRequestsAreRefusedInTheProtocolTheySpeak) {
  HttpRequest rest{.method = "GET", .target = "/clusters", .headers = {{"Host", "x"}}, .body = {}, .source = {}};
  EXPECT_EQ(header(service_.handle(rest), "x-amzn-ErrorType"), "MissingAuthenticationTokenException");
  EXPECT_EQ(service_.handle(rest).status, 403);
  HttpRequest form{.method = "POST",
                   .target = "/",
                   .headers = {{"Host", "x"}, {"Content-Type", "application/x-www-form-urlencoded"}},
                   .body = "Action=GetCallerIdentity&Version=2011-06-15",
                   .source = {}};
  EXPECT_NE(service_.handle(form).body.find("<Code>MissingAuthenticationToken</Code>"), std::string::npos);
  EXPECT_EQ(header(service_.handle(form), "x-amzn-RequestId").size(), 36U);
  EXPECT_EQ(service_.stats().authentication_failures, 4U);
  EXPECT_TRUE(service_.stats().calls.empty());
}

struct Fault {
  std::string name;
  void (*spoil)(HttpRequest&);
  int status;
  std::string rest_json;
  std::string query;
  std::string message;
};

void spoil_key(HttpRequest& request) {
  std::string& value = request.headers.back().second;
  value.replace(value.find("AKIA"), 4, "AKIX");
}
void spoil_signature(HttpRequest& request) {
  char& digit = request.headers.back().second.back();
  digit = digit == '0' ? '1' : '0';
}
void spoil_form(HttpRequest& request) { request.headers.back().second = "AWS4-HMAC-SHA256 nonsense"; }
void spoil_body(HttpRequest& request) { request.body += ' '; }

TEST_F(ApiServiceTest, AuthenticationFaultsHaveTheNamesOfTheService) {
  const std::vector<Fault> faults = {
      {"unknown key", spoil_key, 403, "UnrecognizedClientException", "InvalidClientTokenId",
       "The security token included in the request is invalid."},
      {"wrong signature", spoil_signature, 403, "InvalidSignatureException", "SignatureDoesNotMatch",
       "The request signature we calculated does not match the signature you provided."},
      {"changed body", spoil_body, 403, "InvalidSignatureException", "SignatureDoesNotMatch",
       "The request signature we calculated does not match the signature you provided."},
      {"no form", spoil_form, 400, "IncompleteSignatureException", "IncompleteSignature", "key=value"},
  };
  for (const Fault& fault : faults) {
    HttpRequest rest = signed_request("eks", "GET", "/clusters");
    fault.spoil(rest);
    const HttpResponse rest_response = service_.handle(rest);
    EXPECT_EQ(rest_response.status, fault.status) << fault.name;
    EXPECT_EQ(header(rest_response, "x-amzn-ErrorType"), fault.rest_json) << fault.name;
    EXPECT_NE(rest_response.body.find(fault.message), std::string::npos) << rest_response.body;

    HttpRequest query = caller_identity();
    fault.spoil(query);
    const HttpResponse query_response = service_.handle(query);
    EXPECT_EQ(query_response.status, fault.status) << fault.name;
    EXPECT_NE(query_response.body.find("<Code>" + fault.query + "</Code>"), std::string::npos) << query_response.body;
  }
}

TEST_F(ApiServiceTest, ASkewedClockIsTold) {
  const HttpRequest request = signed_request("eks", "GET", "/clusters");
  clock_.time += 5min;
  EXPECT_EQ(service_.handle(request).status, 200);
  clock_.time += 1s;
  const HttpResponse response = service_.handle(request);
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(header(response, "x-amzn-ErrorType"), "InvalidSignatureException");
  EXPECT_NE(response.body.find("Signature expired: 20261124T143000Z is now earlier than 20261124T143001Z"),
            std::string::npos);
}

TEST_F(ApiServiceTest, OnlyRootMayDoAnything) {
  iam::AccessKey other = iam::make_access_key(entropy_, {.arn = model::Arn("arn:aws:iam::000000000000:user/eve"),
                                                         .user_id = "AIDAEVE",
                                                         .account = model::AccountId("000000000000"),
                                                         .is_root = false});
  credentials_.put(other);
  key_ = other;
  const HttpResponse response = service_.handle(signed_request("eks", "DELETE", "/clusters/a"));
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(header(response, "x-amzn-ErrorType"), "AccessDeniedException");
  EXPECT_NE(response.body.find("arn:aws:iam::000000000000:user/eve is not authorized to perform: eks:DeleteCluster"),
            std::string::npos);
  EXPECT_FALSE(control_.caller.has_value());
  EXPECT_EQ(service_.stats().calls.at("eks:DeleteCluster 403"), 1U);
}

TEST_F(ApiServiceTest, TheLogNamesEveryCallAndHoldsNoSecret) {
  std::ostringstream log;
  const auto previous = spdlog::default_logger();
  spdlog::set_default_logger(
      std::make_shared<spdlog::logger>("test", std::make_shared<spdlog::sinks::ostream_sink_mt>(log)));
  const HttpRequest good = caller_identity();
  HttpRequest bad = caller_identity();
  spoil_signature(bad);
  HttpRequest forged{.method = "GET",
                     .target =
                         "/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=a%2F20261124%2Fr%2Fs%0aapi%20forged%2F"
                         "aws4_request&X-Amz-Date=20261124T143000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=a%0aforged"
                         "&X-Amz-Signature=0",
                     .headers = {{"Host", "x"}},
                     .body = {},
                     .source = {}};
  const std::string id = header(service_.handle(good), "x-amzn-RequestId");
  service_.handle(bad);
  service_.handle(forged);
  spdlog::set_default_logger(previous);

  const std::string text = log.str();
  EXPECT_NE(text.find("request_id=" + id +
                      " principal=arn:aws:iam::000000000000:root source=127.0.0.9 "
                      "operation=sts:GetCallerIdentity status=200"),
            std::string::npos)
      << text;
  EXPECT_NE(text.find("refused=InvalidSignatureException status=403"), std::string::npos) << text;
  EXPECT_EQ(text.find(key_.secret), std::string::npos);
  EXPECT_EQ(text.find("Signature="), std::string::npos);
  EXPECT_EQ(text.find("forged"), std::string::npos) << text;
}

}  // namespace
}  // namespace sallyport::api
