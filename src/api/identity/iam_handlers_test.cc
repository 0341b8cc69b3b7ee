#include "api/identity/iam_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "control/test_world.h"

namespace sallyport::api::identity {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Requests to the handlers over a control plane with a store of its own.
class Iam : public testing::Test {
 protected:
  static HttpRequest post(const std::string& body) {
    HttpRequest request;
    request.method = "POST";
    request.target = "/";
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body = body;
    request.source = *base::IpAddress::parse("127.0.0.9");
    return request;
  }
  HttpResponse send(const HttpRequest& request) {
    const api::Outcome outcome = handlers_.handle({request, iam::root_principal(account_), "id"});
    EXPECT_EQ(outcome.operation, IamHandlers::operation_of(request));
    return outcome.response;
  }
  HttpResponse call(const std::string& operation, const std::string& parameters = "") {
    return send(post("Version=2010-05-08&Action=" + operation + "&" + parameters));
  }

  const model::AccountId account_{"000000000000"};
  control::test::World world_;
  control::ControlPlane& control_ = world_.start();
  base::SystemClock clock_;
  base::SystemEntropy entropy_;
  iam::Sealer sealer_{wire::AeadKey{}, entropy_};
  IamHandlers handlers_{control_, clock_, entropy_, account_, sealer_, "token key"};
};

TEST_F(Iam, AnswersInTheFormOfIam) {
  const HttpResponse made = call("CreateUser", "UserName=ann");
  EXPECT_EQ(made.status, 200);
  EXPECT_THAT(made.body, AllOf(HasSubstr(R"(<CreateUserResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/">)"
                                         "<CreateUserResult><User><Path>/</Path><UserName>ann</UserName>"),
                               HasSubstr("</User></CreateUserResult><ResponseMetadata><RequestId>id</RequestId>"
                                         "</ResponseMetadata></CreateUserResponse>")));
  EXPECT_THAT(call("ListUsers").body, HasSubstr("<UserName>ann</UserName>"));
  EXPECT_EQ(call("DeleteUser", "UserName=ann").status, 200);
  EXPECT_THAT(call("ListUsers").body, Not(HasSubstr("<UserName>")));
}

TEST_F(Iam, RefusesInTheFormOfIam) {
  const HttpResponse refused = call("GetUser", "UserName=eve");
  EXPECT_EQ(refused.status, 404);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("<ErrorResponse"), HasSubstr("<Code>NoSuchEntity</Code>"),
                                  HasSubstr("<RequestId>id</RequestId>")));
  EXPECT_EQ(call("DeleteUser", "UserName=eve").status, 404);
}

TEST_F(Iam, ServesGetToo) {
  HttpRequest request;
  request.method = "GET";
  request.target = "/?Action=ListUsers&Version=2010-05-08";
  EXPECT_EQ(send(request).status, 200);
}

TEST_F(Iam, SaysWhatItDoesNotServe) {
  EXPECT_EQ(IamHandlers::operation_of(post("Action=CreateGroup")), "unknown");
  EXPECT_THAT(call("CreateGroup").body,
              AllOf(HasSubstr("<Code>InvalidAction</Code>"), HasSubstr("CreateGroup"), HasSubstr("2010-05-08")));
  EXPECT_THAT(send(post("Version=2010-05-09&Action=ListUsers")).body, HasSubstr("<Code>InvalidAction</Code>"));
  EXPECT_THAT(send(post("Version=2010-05-08")).body, HasSubstr("<Code>MissingAction</Code>"));
  EXPECT_THAT(send(post("%")).body, HasSubstr("<Code>MalformedQueryString</Code>"));
}

TEST_F(Iam, RefusesWhatNobodyAskedFor) {
  const HttpResponse refused = call("CreateUser", "UserName=ann&Pth=/ops/");
  EXPECT_EQ(refused.status, 400);
  EXPECT_THAT(refused.body, AllOf(HasSubstr("<Code>ValidationError</Code>"), HasSubstr("Pth")));
  EXPECT_THAT(call("CreateUser", "UserName=ann&UserName=bob").body, HasSubstr("more than once"));
  EXPECT_THAT(call("ListUsers").body, Not(HasSubstr("ann")));
}

TEST_F(Iam, WhatItKeepsIsThereAfterARestart) {
  ASSERT_EQ(call("CreateUser", "UserName=ann").status, 200);
  const HttpResponse key = call("CreateAccessKey", "UserName=ann");
  ASSERT_EQ(key.status, 200);
  IamHandlers later(world_.restart(), clock_, entropy_, account_, sealer_, "token key");
  const HttpRequest request = post("Version=2010-05-08&Action=ListAccessKeys&UserName=ann");
  EXPECT_THAT(later.handle({request, iam::root_principal(account_), "id"}).response.body,
              AllOf(HasSubstr("<AccessKeyId>AKIA"), Not(HasSubstr("Secret"))));
}

}  // namespace
}  // namespace sallyport::api::identity
