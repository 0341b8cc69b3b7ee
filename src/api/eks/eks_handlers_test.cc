#include "api/eks/eks_handlers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/eks/handlers_fixture.h"
#include "wire/json_parse.h"
#include "wire/uri.h"

namespace sallyport::api::eks {
namespace {

using testing::HasSubstr;

constexpr const char* kCreate =
    R"({"name":"prod","roleArn":"arn:aws:iam::000000000000:role/eks",)"
    R"("resourcesVpcConfig":{"subnetIds":["subnet-a","subnet-b"]},"tags":{"a":"1"},"clientRequestToken":"t"})";

class EksHandlersTest : public testing::Test, protected HandlersFixture {
 protected:
  // The body's member as text, empty when there is none.
  static std::string member(const HttpResponse& response, std::string_view name) {
    const auto json = wire::parse_json(response.body);
    if (!json || json->as_object() == nullptr) return {};
    for (const wire::JsonMember& each : *json->as_object()) {
      if (each.name == name)
        return each.value.as_string() != nullptr ? *each.value.as_string() : wire::to_text(each.value);
    }
    return {};
  }

  void expect_error(const Outcome& outcome, int status, const std::string& type, const std::string& message) {
    EXPECT_EQ(outcome.response.status, status);
    EXPECT_EQ(error_type(outcome.response), type);
    EXPECT_EQ(member(outcome.response, "message"), message);
  }
};

TEST_F(EksHandlersTest, CreateHandsOverRequestAndCaller) {
  const Outcome outcome = call("POST", "/clusters", kCreate);
  EXPECT_EQ(outcome.operation, "CreateCluster");
  EXPECT_EQ(outcome.response.status, 200) << outcome.response.body;
  EXPECT_THAT(outcome.response.body, HasSubstr(R"({"cluster":{"name":"prod",)"));
  EXPECT_EQ(control.created->client_request_token, "t");
  EXPECT_EQ(control.caller->principal.str(), "arn:aws:iam::000000000000:root");
  EXPECT_EQ(control.caller->source_address, "127.0.0.9");
  EXPECT_EQ(control.caller->request_id, "request-1");
}

TEST_F(EksHandlersTest, DescribeAndDelete) {
  add_cluster("prod");
  const Outcome described = call("GET", "/clusters/prod");
  EXPECT_EQ(described.operation, "DescribeCluster");
  EXPECT_THAT(
      described.response.body,
      HasSubstr(R"("endpoint":"https://0123456789ABCDEF0123456789ABCDEF.gr1.us-east-1.eks.sallyport.internal")"));
  EXPECT_THAT(
      described.response.body,
      HasSubstr(R"("issuer":"https://oidc.eks.us-east-1.sallyport.internal/id/0123456789ABCDEF0123456789ABCDEF")"));
  const Outcome deleted = call("DELETE", "/clusters/prod");
  EXPECT_EQ(deleted.operation, "DeleteCluster");
  EXPECT_THAT(deleted.response.body, HasSubstr(R"("status":"DELETING")"));
  expect_error(call("GET", "/clusters/prod"), 404, "ResourceNotFoundException", "No cluster found for name: prod.");
}

TEST_F(EksHandlersTest, NamesThatNoClusterCanHaveAreNotFound) {
  const std::vector<std::pair<const char*, const char*>> calls = {
      {"GET", ""}, {"DELETE", ""}, {"POST", "/update-config"}, {"GET", "/updates"}, {"GET", "/updates/u"}};
  for (const auto& [method, rest] : calls) {
    const Outcome outcome = call(method, std::string("/clusters/a%20b%22") + rest, "{}");
    expect_error(outcome, 404, "ResourceNotFoundException", "No cluster found for name: a b\".");
    EXPECT_EQ(member(outcome.response, "clusterName"), "a b\"");
  }
}

TEST_F(EksHandlersTest, ListClustersInPagesThatSurviveInserts) {
  for (const char* name : {"a", "b", "c", "d", "e"})
    add_cluster(name);
  const Outcome first = call("GET", "/clusters?maxResults=2");
  EXPECT_EQ(member(first.response, "clusters"), R"(["a","b"])");
  add_cluster("aa");
  add_cluster("ca");
  const Outcome second = call("GET", "/clusters?maxResults=2&nextToken=" + member(first.response, "nextToken"));
  EXPECT_EQ(member(second.response, "clusters"), R"(["c","ca"])");
  const Outcome last =
      call("GET", "/clusters?include=all&maxResults=2&nextToken=" + member(second.response, "nextToken"));
  EXPECT_EQ(last.response.body, R"({"clusters":["d","e"]})") << "no token after the last page";
  EXPECT_EQ(call("GET", "/clusters").response.body, R"({"clusters":["a","aa","b","c","ca","d","e"]})");
}

TEST_F(EksHandlersTest, ListRefusesBadQueries) {
  add_cluster("a");
  add_cluster("b");
  const std::string token = member(call("GET", "/clusters?maxResults=1").response, "nextToken");
  ASSERT_FALSE(token.empty());
  for (const std::string& target :
       {std::string("/clusters?maxResults=0"), std::string("/clusters?maxResults=x"),
        std::string("/clusters?nextToken=x"), "/clusters?nextToken=" + token + "A",
        "/clusters/a/updates?nextToken=" + token, std::string("/clusters?include=some"), std::string("/clusters?max=1"),
        std::string("/clusters?nextToken=%"), std::string("/clusters/a/updates?nodegroupName=n"),
        std::string("/clusters/a/updates/u?addonName=n")}) {
    const Outcome outcome = call("GET", target);
    EXPECT_EQ(outcome.response.status, 400) << target;
    EXPECT_EQ(error_type(outcome.response), "InvalidParameterException") << target;
    EXPECT_FALSE(member(outcome.response, "message").empty()) << target;
  }
}

TEST_F(EksHandlersTest, UpdateDescribeAndListUpdates) {
  add_cluster("prod");
  std::vector<std::string> ids;
  for (int i = 0; i < 3; ++i) {
    const Outcome outcome = call("POST", "/clusters/prod/update-config", R"({"deletionProtection":true})");
    EXPECT_EQ(outcome.operation, "UpdateClusterConfig");
    ASSERT_EQ(outcome.response.status, 200) << outcome.response.body;
    ids.push_back(control.updates.front().id.str());
  }
  EXPECT_EQ(control.updated->cluster.str(), "prod");
  const Outcome described = call("GET", "/clusters/prod/updates/" + ids[1]);
  EXPECT_EQ(described.operation, "DescribeUpdate");
  EXPECT_THAT(described.response.body, HasSubstr("{\"update\":{\"id\":\"" + ids[1]));
  expect_error(call("GET", "/clusters/prod/updates/none"), 404, "ResourceNotFoundException",
               "No update found for ID: none.");

  const Outcome first = call("GET", "/clusters/prod/updates?maxResults=2");
  EXPECT_EQ(first.operation, "ListUpdates");
  EXPECT_EQ(member(first.response, "updateIds"), "[\"" + ids[2] + "\",\"" + ids[1] + "\"]");
  call("POST", "/clusters/prod/update-config", R"({"deletionProtection":true})");
  const std::string token = member(first.response, "nextToken");
  EXPECT_EQ(call("GET", "/clusters/prod/updates?maxResults=2&nextToken=" + token).response.body,
            "{\"updateIds\":[\"" + ids[0] + "\"]}");
  add_cluster("other");
  EXPECT_EQ(call("GET", "/clusters/other/updates?nextToken=" + token).response.status, 400)
      << "a token belongs to its cluster";
}

TEST_F(EksHandlersTest, Tags) {
  add_cluster("prod");
  const std::string arn = "/tags/" + wire::percent_encode("arn:aws:eks:us-east-1:000000000000:cluster/prod");
  const Outcome tagged = call("POST", arn, R"({"tags":{"team":"a","x/y":"é"}})");
  EXPECT_EQ(tagged.operation, "TagResource");
  EXPECT_EQ(tagged.response.body, "{}");
  EXPECT_EQ(call("GET", arn).response.body, R"({"tags":{"team":"a","x/y":"é"}})");
  const Outcome untagged = call("DELETE", arn + "?tagKeys=x%2Fy&tagKeys=none");
  EXPECT_EQ(untagged.operation, "UntagResource");
  EXPECT_EQ(untagged.response.body, "{}");
  EXPECT_EQ(call("GET", arn).response.body, R"({"tags":{"team":"a"}})");

  expect_error(call("POST", arn, "{}"), 400, "BadRequestException",
               "tags is required: at least one key with its value");
  expect_error(call("POST", arn, R"({"tags":{"a":1}})"), 400, "BadRequestException",
               "tags[\"a\"] must be a string, is the number 1");
  EXPECT_EQ(error_type(call("POST", arn, "{").response), "SerializationException");
  expect_error(call("DELETE", arn), 400, "BadRequestException",
               "tagKeys is required: the keys to remove, as ?tagKeys=KEY&tagKeys=KEY");
  EXPECT_EQ(error_type(call("DELETE", arn + "?tagKeys=").response), "BadRequestException");
}

TEST_F(EksHandlersTest, TagsOfOtherResources) {
  add_cluster("prod");
  const std::vector<std::pair<const char*, const char*>> arns = {
      {"prod", "BadRequestException"},
      {"arn:aws:s3:::bucket", "BadRequestException"},
      {"arn:aws:eks:eu-west-1:000000000000:cluster/prod", "BadRequestException"},
      {"arn:aws:eks:us-east-1:111111111111:cluster/prod", "BadRequestException"},
      {"arn:aws:eks:us-east-1:000000000000:cluster/none", "NotFoundException"},
      {"arn:aws:eks:us-east-1:000000000000:cluster/", "NotFoundException"},
      {"arn:aws:eks:us-east-1:000000000000:nodegroup/prod/a/b", "NotFoundException"},
      {"arn:aws-cn:eks:us-east-1:000000000000:cluster/prod", "NotFoundException"},
  };
  for (const auto& [arn, type] : arns) {
    EXPECT_EQ(error_type(call("GET", "/tags/" + wire::percent_encode(arn)).response), type) << arn;
  }
}

TEST_F(EksHandlersTest, EveryKindOfErrorHasItsShape) {
  add_cluster("prod");
  const std::vector<std::tuple<base::ErrorKind, int, const char*>> shapes = {
      {base::ErrorKind::kInvalidParameter, 400, "InvalidParameterException"},
      {base::ErrorKind::kInvalidRequest, 400, "InvalidRequestException"},
      {base::ErrorKind::kNotFound, 404, "ResourceNotFoundException"},
      {base::ErrorKind::kInUse, 409, "ResourceInUseException"},
      {base::ErrorKind::kLimitExceeded, 400, "ResourceLimitExceededException"},
      {base::ErrorKind::kAccessDenied, 403, "AccessDeniedException"},
      {base::ErrorKind::kUnavailable, 503, "ServiceUnavailableException"},
      {base::ErrorKind::kConflict, 503, "ServiceUnavailableException"},
      {base::ErrorKind::kCorrupt, 500, "ServerException"},
      {base::ErrorKind::kInternal, 500, "ServerException"},
  };
  for (const auto& [kind, status, type] : shapes) {
    control.failure = base::Error{kind, "/var/lib/secret-path broke", ""};
    const Outcome outcome = call("POST", "/clusters", kCreate);
    EXPECT_EQ(outcome.response.status, status) << type;
    EXPECT_EQ(error_type(outcome.response), type);
    EXPECT_EQ(member(outcome.response, "clusterName"), "prod");
    const std::string message = member(outcome.response, "message");
    EXPECT_EQ(message.find("secret-path") != std::string::npos, status < 500 || kind == base::ErrorKind::kUnavailable);
    EXPECT_EQ(message.find("request-1") != std::string::npos, status == 500) << "the caller can name it to an operator";
  }
}

TEST_F(EksHandlersTest, BodiesThatAreNotJson) {
  expect_error(call("POST", "/clusters", "{\"name\" 1}"), 400, "SerializationException",
               "The request body is not valid JSON: syntax error at line 1, column 9");
  expect_error(call("POST", "/clusters", "[]"), 400, "SerializationException",
               "The request body must be a JSON object, is a list");
  expect_error(call("POST", "/clusters/a/update-config", ""), 400, "SerializationException",
               "The request body is empty; send a JSON object");
  EXPECT_FALSE(control.created);
  EXPECT_FALSE(control.updated);
}

TEST_F(EksHandlersTest, OperationsNotServedAreNamed) {
  const Outcome known = call("POST", "/clusters/prod/node-groups", "{}");
  EXPECT_EQ(known.operation, "unknown");
  expect_error(known, 404, "UnknownOperationException",
               "Sallyport does not serve the Amazon EKS operation CreateNodegroup (POST /clusters/prod/node-groups)");
  expect_error(call("PATCH", "/clusters/prod"), 404, "UnknownOperationException",
               "PATCH /clusters/prod is not an operation of the Amazon EKS API");
  expect_error(call("GET", "/?x=1"), 404, "UnknownOperationException",
               "GET / is not an operation of the Amazon EKS API");
}

TEST(EksOperation, IsKnownBeforeTheCall) {
  const auto operation = [](const char* method, const char* target) {
    HttpRequest request;
    request.method = method;
    request.target = target;
    return EksHandlers::operation_of(request);
  };
  EXPECT_EQ(operation("GET", "/clusters?maxResults=1"), "ListClusters");
  EXPECT_EQ(operation("DELETE", "/tags/x?tagKeys=a"), "UntagResource");
  EXPECT_EQ(operation("GET", "/clusters/a/addons"), "unknown");
  EXPECT_EQ(operation("GET", ""), "unknown");
}

}  // namespace
}  // namespace sallyport::api::eks
