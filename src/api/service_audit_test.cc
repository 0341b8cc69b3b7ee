#include <gtest/gtest.h>

#include "api/service_fixture_test.h"

// What the service tells the audit log, and what it does without one.
namespace sallyport::api {
namespace {

class ServiceAuditTest : public ApiServiceTest {
 protected:
  bool last_says(const std::string& what) const {
    return !audit_.entries.empty() && audit_.entries.back().line.find(what) != std::string::npos;
  }
};

TEST_F(ServiceAuditTest, EveryCallLeavesOneRecordUnderItsRequestId) {
  const std::string id = header(service_.handle(caller_identity()), "x-amzn-RequestId");
  ASSERT_EQ(audit_.entries.size(), 1U);
  EXPECT_TRUE(last_says("\"requestID\":\"" + id + "\"")) << audit_.entries.back().line;
  EXPECT_TRUE(last_says("\"accessKeyId\":\"" + key_.id + "\""));
  EXPECT_TRUE(last_says(R"("eventSource":"sts.amazonaws.com","eventName":"GetCallerIdentity")"));
  EXPECT_EQ(audit_.entries.back().result, audit::Result::kAllowed);

  service_.handle(signed_request("eks", "GET", "/clusters/absent"));
  EXPECT_EQ(audit_.entries.size(), 2U);
  EXPECT_TRUE(last_says(R"("errorCode":"ResourceNotFoundException")"));
  EXPECT_TRUE(last_says(R"("requestParameters":{"name":"absent"})"));

  service_.handle(signed_request("dynamodb", "POST", "/", "{}"));
  EXPECT_EQ(audit_.entries.size(), 3U);
  EXPECT_TRUE(last_says(R"("eventSource":"dynamodb.amazonaws.com","eventName":"Unknown")"));
}

TEST_F(ServiceAuditTest, UnsignedAndWronglySignedCallsAreRecordedAsNobodys) {
  service_.handle({.method = "GET", .target = "/clusters", .headers = {{"Host", "x"}}, .body = {}, .source = {}});
  EXPECT_TRUE(last_says(R"("userIdentity":{"type":"Unknown"})"));
  EXPECT_TRUE(last_says(R"("errorCode":"MissingAuthenticationTokenException")"));
  HttpRequest bad = caller_identity();
  bad.body += ' ';
  service_.handle(bad);
  EXPECT_EQ(audit_.entries.back().result, audit::Result::kUnauthenticated);
  EXPECT_TRUE(last_says(R"("errorCode":"SignatureDoesNotMatch")"));
  EXPECT_TRUE(last_says("\"claimedAccessKeyId\":\"" + key_.id + "\""));
  EXPECT_EQ(audit_.entries.size(), 2U);
}

TEST_F(ServiceAuditTest, ChangesAreRefusedWhileNothingCanBeRecordedAndReadsGoOn) {
  audit_.is_ready = false;
  const HttpResponse eks = service_.handle(signed_request("eks", "DELETE", "/clusters/a"));
  EXPECT_EQ(eks.status, 503);
  EXPECT_EQ(header(eks, "x-amzn-ErrorType"), "ServiceUnavailableException");
  EXPECT_FALSE(control_.caller.has_value());
  EXPECT_TRUE(last_says(R"("errorCode":"ServiceUnavailableException")"));
  const HttpResponse ec2 =
      service_.handle(signed_request("ec2", "POST", "/", "Action=CreateVpc&Version=2016-11-15&CidrBlock=10.0.0.0/16"));
  EXPECT_EQ(ec2.status, 503);
  EXPECT_NE(ec2.body.find("<Code>Unavailable</Code>"), std::string::npos);
  const HttpResponse iam = service_.handle(
      signed_request("iam", "POST", "/", "Action=CreateUser&Version=2010-05-08&UserName=a", "us-east-1"));
  EXPECT_EQ(iam.status, 503);
  EXPECT_EQ(service_.stats().changes_refused_unrecorded, 3U);

  EXPECT_EQ(service_.handle(caller_identity()).status, 200);
  EXPECT_EQ(service_.handle(signed_request("eks", "GET", "/clusters")).status, 200);
  audit_.is_ready = true;
  service_.handle(signed_request("eks", "DELETE", "/clusters/a"));
  EXPECT_TRUE(control_.caller.has_value()) << "changes are made again";
}

}  // namespace
}  // namespace sallyport::api
