#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/eks/eks_handlers.h"
#include "api/eks/error_type.h"
#include "control/test_world.h"
#include "wire/json_parse.h"
#include "wire/json_reader.h"
#include "wire/uri.h"

namespace sallyport::api::eks {
namespace {

using control::test::eventually;
using testing::HasSubstr;

// The handlers over a real control plane and a real store.
class EksWithControlPlane : public testing::Test {
 protected:
  HttpResponse call(std::string method, std::string target, std::string body = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    request.source = *base::IpAddress::parse("127.0.0.9");
    iam::Principal principal;
    principal.arn = model::Arn("arn:aws:iam::000000000000:root");
    return handlers_.handle({request, principal, "11111111-2222-4333-8444-555555555555"}).response;
  }

  HttpResponse create(const std::string& name, const std::string& more = "") {
    std::string subnets;
    for (const model::SubnetId& id : world_.subnets())
      subnets += (subnets.empty() ? "\"" : ",\"") + id.str() + "\"";
    return call("POST", "/clusters",
                R"({"name":")" + name + R"(","roleArn":"arn:aws:iam::000000000000:role/eks","resourcesVpcConfig":{)" +
                    R"("subnetIds":[)" + subnets + R"(]},"tags":{"sallyport.dev/pool":"prod"})" + more + "}");
  }
  HttpResponse create_active(const std::string& name) {
    const HttpResponse response = create(name);
    world_.active(name);
    return response;
  }
  HttpResponse update(const std::string& body) { return call("POST", "/clusters/prod/update-config", body); }

  // A member of the body's object `outer`, as text.
  static std::string member(const HttpResponse& response, std::string_view outer, std::string_view name) {
    const auto json = wire::parse_json(response.body);
    if (!json || json->as_object() == nullptr) return {};
    wire::JsonFault fault;
    auto object = wire::JsonReader(*json->as_object(), "", fault).object(outer);
    return object ? object->text(name).value_or("") : "";
  }
  HttpResponse wait_for_update(const std::string& id) {
    HttpResponse described;
    EXPECT_TRUE(eventually([&] {
      described = call("GET", "/clusters/prod/updates/" + id);
      return member(described, "update", "status") != "InProgress";
    }));
    return described;
  }

  control::test::World world_;
  control::ControlPlane& control_ = world_.start();
  base::SystemClock clock_;
  base::SystemEntropy entropy_;
  EksHandlers handlers_{control_, clock_, entropy_, model::AccountId("000000000000"), model::Region("us-east-1"),
                        "key"};
};

constexpr const char* kSeed =
    R"({"resourcesVpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":["203.0.113.5/32"],)"
    R"("endpointPrivateAccess":true},"clientRequestToken":"token-1"})";

TEST_F(EksWithControlPlane, CreateShowsTheEndpointOnceActive) {
  world_.dns().hold();
  const HttpResponse created = create("prod");
  ASSERT_EQ(created.status, 200) << created.body;
  EXPECT_EQ(member(created, "cluster", "status"), "CREATING");
  EXPECT_EQ(member(created, "cluster", "endpoint"), "");
  world_.dns().release();
  world_.active("prod");
  const HttpResponse described = call("GET", "/clusters/prod");
  EXPECT_EQ(member(described, "cluster", "status"), "ACTIVE");
  EXPECT_THAT(member(described, "cluster", "endpoint"),
              testing::MatchesRegex("https://[0-9A-F]{32}\\.gr1\\.us-east-1\\.eks\\.sallyport\\.internal"));
  EXPECT_THAT(described.body, HasSubstr(R"("publicAccessCidrs":["0.0.0.0/0"])"));
  EXPECT_THAT(described.body, HasSubstr(R"("certificateAuthority":{"data":"UEVN"})"));
}

TEST_F(EksWithControlPlane, TheSeedUpdateRunsToSuccessful) {
  create_active("prod");
  world_.gateway().cut("prod", 2);
  world_.dns().hold();
  const HttpResponse started = update(kSeed);
  ASSERT_EQ(started.status, 200) << started.body;
  const std::string id = member(started, "update", "id");
  EXPECT_EQ(member(started, "update", "status"), "InProgress");
  EXPECT_THAT(started.body, HasSubstr(R"({"type":"PublicAccessCidrs","value":"[\"203.0.113.5/32\"]"})"));

  const HttpResponse second = update(R"({"resourcesVpcConfig":{"endpointPrivateAccess":false}})");
  EXPECT_EQ(second.status, 409);
  EXPECT_EQ(error_type(second), "ResourceInUseException");
  EXPECT_THAT(second.body, HasSubstr(id)) << "names the update in flight";
  EXPECT_EQ(member(update(kSeed), "update", "id"), id) << "a retry with its token gets the first answer";

  world_.dns().release();
  const HttpResponse done = wait_for_update(id);
  EXPECT_EQ(member(done, "update", "status"), "Successful");
  EXPECT_THAT(done.body, HasSubstr(R"("errors":[])"));
  EXPECT_THAT(done.body, HasSubstr(R"("step":"done","connectionsCut":2,"revision":)"));
  EXPECT_THAT(
      call("GET", "/clusters/prod").body,
      HasSubstr(R"("endpointPublicAccess":true,"endpointPrivateAccess":true,"publicAccessCidrs":["203.0.113.5/32"])"));
  EXPECT_EQ(call("GET", "/clusters/prod/updates").body, "{\"updateIds\":[\"" + id + "\"]}");
}

TEST_F(EksWithControlPlane, RefusalsOfTheStateKeepTheirEksTypes) {
  create_active("prod");
  ASSERT_EQ(wait_for_update(member(update(kSeed), "update", "id")).status, 200);
  const auto type_of = [](const HttpResponse& response) { return error_type(response); };
  EXPECT_EQ(type_of(update(R"({"resourcesVpcConfig":{"endpointPrivateAccess":true}})")), "InvalidParameterException");
  EXPECT_THAT(update(R"({"resourcesVpcConfig":{"endpointPrivateAccess":true}})").body,
              HasSubstr("already at the desired configuration"));
  EXPECT_EQ(type_of(update(R"({"deletionProtection":true,"clientRequestToken":"token-1"})")),
            "InvalidParameterException")
      << "a token belongs to one request";
  EXPECT_EQ(type_of(update(R"({"resourcesVpcConfig":{"subnetIds":["subnet-none","subnet-nil"]}})")),
            "InvalidParameterException");
  EXPECT_EQ(type_of(create("prod")), "ResourceInUseException");
  EXPECT_EQ(type_of(create("fresh", R"(,"version":"1.1")")), "InvalidParameterException");
  EXPECT_EQ(type_of(call("POST", "/clusters/none/update-config", kSeed)), "ResourceNotFoundException");
  EXPECT_EQ(type_of(call("GET", "/clusters/prod/updates/none")), "ResourceNotFoundException");
}

TEST_F(EksWithControlPlane, UpdateHistoryPages) {
  create_active("prod");
  std::vector<std::string> ids;
  for (const char* body : {R"({"deletionProtection":true})", R"({"deletionProtection":false})",
                           R"({"logging":{"clusterLogging":[{"types":["api"],"enabled":true}]}})"}) {
    ids.push_back(member(update(body), "update", "id"));
    EXPECT_EQ(member(wait_for_update(ids.back()), "update", "status"), "Successful") << body;
  }
  const HttpResponse first = call("GET", "/clusters/prod/updates?maxResults=2");
  EXPECT_THAT(first.body, HasSubstr("[\"" + ids[2] + "\",\"" + ids[1] + "\"]"));
  const auto json = wire::parse_json(first.body).value();
  wire::JsonFault fault;
  const std::string token = wire::JsonReader(*json.as_object(), "", fault).text("nextToken").value_or("");
  EXPECT_EQ(call("GET", "/clusters/prod/updates?maxResults=2&nextToken=" + token).body,
            "{\"updateIds\":[\"" + ids[0] + "\"]}");
}

TEST_F(EksWithControlPlane, TagsAndDelete) {
  create_active("prod");
  const std::string arn = "/tags/" + wire::percent_encode("arn:aws:eks:us-east-1:000000000000:cluster/prod");
  EXPECT_EQ(call("POST", arn, R"({"tags":{"team":"a"}})").status, 200);
  EXPECT_EQ(call("GET", arn).body, R"({"tags":{"sallyport.dev/pool":"prod","team":"a"}})");
  EXPECT_EQ(call("DELETE", arn + "?tagKeys=team").status, 200);
  EXPECT_EQ(call("GET", arn).body, R"({"tags":{"sallyport.dev/pool":"prod"}})");

  const std::string id = member(update(R"({"deletionProtection":true})"), "update", "id");
  EXPECT_EQ(member(wait_for_update(id), "update", "status"), "Successful");
  EXPECT_EQ(error_type(call("DELETE", "/clusters/prod")), "InvalidRequestException");
  EXPECT_EQ(wait_for_update(member(update(R"({"deletionProtection":false})"), "update", "id")).status, 200);
  const HttpResponse deleted = call("DELETE", "/clusters/prod");
  EXPECT_EQ(member(deleted, "cluster", "status"), "DELETING") << deleted.body;
  EXPECT_TRUE(eventually([&] { return call("GET", "/clusters/prod").status == 404; }));
  EXPECT_EQ(error_type(call("GET", arn)), "NotFoundException");
}

}  // namespace
}  // namespace sallyport::api::eks
