#include "api/audit/answer.h"

#include <gtest/gtest.h>

#include "api/errors.h"

namespace sallyport::api::audit {
namespace {

std::string told(Protocol protocol, const std::string& body, int status = 200) {
  return wire::to_text(elements_of(protocol, {.status = status, .headers = {}, .body = body}));
}

TEST(AuditAnswer, ReadsWhatTheServicesWrite) {
  const std::string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
  EXPECT_EQ(told(Protocol::kRestJson, R"({"cluster":{"name":"a"}})"), R"({"cluster":{"name":"a"}})");
  EXPECT_EQ(told(Protocol::kRestJson, "{}"), "null");
  EXPECT_EQ(told(Protocol::kEc2, head + R"(<CreateVpcResponse xmlns="http://ec2/"><requestId>r</requestId><vpc><vpcId>)"
                                        "vpc-1</vpcId><tagSet><item><key>a&amp;b</key><value/></item></tagSet></vpc>"
                                        "</CreateVpcResponse>"),
            R"({"requestId":"r","vpc":{"vpcId":"vpc-1","tagSet":[{"key":"a&b","value":""}]}})");
  EXPECT_EQ(told(Protocol::kQuery, head + "<CreateUserResponse xmlns=\"x\"><CreateUserResult><User><UserName>ann"
                                          "</UserName></User></CreateUserResult><ResponseMetadata><RequestId>r"
                                          "</RequestId></ResponseMetadata></CreateUserResponse>"),
            R"({"user":{"userName":"ann"}})");
  EXPECT_EQ(told(Protocol::kQuery, head + "<DeleteUserResponse><DeleteUserResult></DeleteUserResult>"
                                          "<ResponseMetadata><RequestId>r</RequestId></ResponseMetadata>"
                                          "</DeleteUserResponse>"),
            "null");
  EXPECT_EQ(told(Protocol::kRestJson, R"({"message":"x"})", 404), "null");
}

TEST(AuditAnswer, WhatIsNoAnswerTellsNothing) {
  for (const char* body : {"", "<", "<a", "<a>", "<a><b></a>", "<a>x</b>", "text", "<?xml", "<a><b></b>"}) {
    EXPECT_EQ(told(Protocol::kEc2, body), "null") << body;
  }
  std::string deep;
  for (int i = 0; i < 100'000; ++i)
    deep += "<a>";
  EXPECT_FALSE(json_of_xml(deep));
}

TEST(AuditAnswer, ReadsRefusalsOfEveryProtocol) {
  const ErrorText denied{403, "AccessDeniedException", "AccessDenied", "UnauthorizedOperation"};
  const std::string message = "no <b> & \"c\"";
  struct Case {
    Protocol protocol;
    std::string code;
  };
  for (const auto& [protocol, code] :
       {Case{Protocol::kRestJson, "AccessDeniedException"}, Case{Protocol::kQuery, "AccessDenied"},
        Case{Protocol::kRoute53, "AccessDenied"}, Case{Protocol::kEc2, "Client.UnauthorizedOperation"}}) {
    const auto failure = failure_of(protocol, render_error(protocol, denied, message, "r"));
    ASSERT_TRUE(failure) << code;
    EXPECT_EQ(failure->code, code);
    EXPECT_EQ(failure->message, message);
  }
  EXPECT_EQ(failure_of(Protocol::kEc2, ec2_error(503, "Unavailable", "m", "r"))->code, "Server.Unavailable");
  EXPECT_FALSE(failure_of(Protocol::kEc2, {.status = 200, .headers = {}, .body = "<Code>x</Code>"}));
}

}  // namespace
}  // namespace sallyport::api::audit
