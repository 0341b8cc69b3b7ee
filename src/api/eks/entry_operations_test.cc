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

using testing::HasSubstr;

const std::string kAnn = "arn:aws:iam::000000000000:user/ann";
const std::string kRoot = "arn:aws:iam::000000000000:root";
const std::string kPolicies = "arn:aws:eks::aws:cluster-access-policy/";

// The operations on entries over a real control plane and a real store.
class EntryOperations : public testing::Test {
 protected:
  EntryOperations() {
    const control::ControlPlane::IdentityPlan people = [](const auto&) {
      store::Transaction transaction;
      for (const char* name : {"ann", "bob", "eve"}) {
        model::IamUser user;
        user.id = model::IamUserId("AIDA" + std::string(name));
        user.name = name;
        transaction.puts.emplace_back(user);
      }
      return std::optional(transaction);
    };
    EXPECT_TRUE(control_.change_identities(people, "iam:CreateUser", control::test::caller()));
    world_.create("prod");
  }
  HttpResponse call(std::string method, std::string target, std::string body = {}) {
    HttpRequest request;
    request.method = std::move(method);
    request.target = std::move(target);
    request.body = std::move(body);
    request.source = *base::IpAddress::parse("127.0.0.9");
    iam::Principal principal;
    principal.arn = model::Arn(kRoot);
    return handlers_.handle({request, principal, "11111111-2222-4333-8444-555555555555"}).response;
  }
  static std::string path(const std::string& principal, const std::string& more = {}) {
    return "/clusters/prod/access-entries/" + wire::percent_encode(principal) + more;
  }
  HttpResponse create(const std::string& principal, const std::string& more = {}) {
    return call("POST", "/clusters/prod/access-entries", R"({"principalArn":")" + principal + "\"" + more + "}");
  }
  HttpResponse associate(const std::string& principal, const std::string& policy,
                         const std::string& scope = R"({"type":"cluster"})") {
    return call("POST", path(principal, "/access-policies"),
                R"({"policyArn":")" + kPolicies + policy + R"(","accessScope":)" + scope + "}");
  }
  static std::string member(const HttpResponse& response, std::string_view outer, std::string_view name) {
    const auto json = wire::parse_json(response.body);
    if (!json || json->as_object() == nullptr) return {};
    wire::JsonFault fault;
    wire::JsonReader reader(*json->as_object(), "", fault);
    if (outer.empty()) return reader.text(name).value_or("");
    auto object = reader.object(outer);
    return object ? object->text(name).value_or("") : "";
  }

  control::test::World world_;
  control::ControlPlane& control_ = world_.start();
  base::SystemClock clock_;
  base::SystemEntropy entropy_;
  EksHandlers handlers_{control_, clock_, entropy_, model::AccountId("000000000000"), model::Region("us-east-1"),
                        "key"};
};

TEST_F(EntryOperations, TheWholeLifeOfAnEntry) {
  const HttpResponse created = create(kAnn, R"(,"kubernetesGroups":["viewers"],"tags":{"team":"blue"})");
  ASSERT_EQ(created.status, 200) << created.body;
  EXPECT_EQ(member(created, "accessEntry", "clusterName"), "prod");
  EXPECT_EQ(member(created, "accessEntry", "principalArn"), kAnn);
  EXPECT_EQ(member(created, "accessEntry", "username"), kAnn);
  EXPECT_EQ(member(created, "accessEntry", "type"), "STANDARD");
  EXPECT_THAT(member(created, "accessEntry", "accessEntryArn"),
              testing::MatchesRegex(
                  "arn:aws:eks:us-east-1:000000000000:access-entry/prod/user/000000000000/ann/[0-9a-f-]{36}"));
  EXPECT_THAT(created.body, HasSubstr(R"("kubernetesGroups":["viewers"])"));
  EXPECT_THAT(created.body, HasSubstr(R"("tags":{"team":"blue"})"));
  EXPECT_EQ(call("GET", path(kAnn)).body, created.body);

  const HttpResponse updated = call("POST", path(kAnn), R"({"username":"ann"})");
  EXPECT_EQ(member(updated, "accessEntry", "username"), "ann");
  EXPECT_EQ(call("DELETE", path(kAnn)).body, "{}");
  EXPECT_EQ(error_type(call("GET", path(kAnn))), "ResourceNotFoundException");
  EXPECT_EQ(error_type(call("DELETE", path(kAnn))), "ResourceNotFoundException");
}

TEST_F(EntryOperations, PoliciesOfAnEntry) {
  const HttpResponse made = associate(kRoot, "AmazonEKSViewPolicy", R"({"type":"namespace","namespaces":["dev-*"]})");
  ASSERT_EQ(made.status, 200) << made.body;
  EXPECT_EQ(member(made, "", "principalArn"), kRoot);
  EXPECT_EQ(member(made, "associatedAccessPolicy", "policyArn"), kPolicies + "AmazonEKSViewPolicy");
  EXPECT_THAT(made.body, HasSubstr(R"("accessScope":{"type":"namespace","namespaces":["dev-*"]})"));

  const std::string list = path(kRoot, "/access-policies");
  const HttpResponse first = call("GET", list + "?maxResults=1");
  EXPECT_THAT(first.body, HasSubstr("AmazonEKSClusterAdminPolicy"));
  EXPECT_THAT(first.body, HasSubstr(R"("clusterName":"prod")"));
  const HttpResponse rest = call("GET", list + "?nextToken=" + member(first, "", "nextToken"));
  EXPECT_THAT(rest.body, HasSubstr("AmazonEKSViewPolicy"));
  EXPECT_EQ(member(rest, "", "nextToken"), "");

  const std::string view = list + "/" + wire::percent_encode(kPolicies + "AmazonEKSViewPolicy");
  EXPECT_EQ(call("DELETE", view).body, "{}");
  EXPECT_EQ(error_type(call("DELETE", view)), "ResourceNotFoundException");
  EXPECT_EQ(error_type(associate(kRoot, "AmazonEKSViewPolicy", R"({"type":"namespace"})")),
            "InvalidParameterException");
  EXPECT_EQ(error_type(associate(kAnn, "AmazonEKSViewPolicy")), "ResourceNotFoundException");
  EXPECT_EQ(error_type(associate(kRoot, "None")), "ResourceNotFoundException");
}

TEST_F(EntryOperations, ListsPage) {
  for (const char* name : {"ann", "bob", "eve"})
    ASSERT_EQ(create("arn:aws:iam::000000000000:user/" + std::string(name)).status, 200);
  ASSERT_EQ(associate(kAnn, "AmazonEKSEditPolicy").status, 200);
  const std::string all = "/clusters/prod/access-entries";
  const HttpResponse first = call("GET", all + "?maxResults=3");
  const std::string token = member(first, "", "nextToken");
  EXPECT_EQ(first.body.substr(0, first.body.find(",\"nextToken")),
            R"({"accessEntries":["arn:aws:iam::000000000000:root","arn:aws:iam::000000000000:user/ann",)"
            R"("arn:aws:iam::000000000000:user/bob"])");
  EXPECT_EQ(call("GET", all + "?maxResults=3&nextToken=" + token).body,
            R"({"accessEntries":["arn:aws:iam::000000000000:user/eve"]})");
  const std::string edit = wire::percent_encode(kPolicies + "AmazonEKSEditPolicy");
  EXPECT_EQ(call("GET", all + "?associatedPolicyArn=" + edit).body, "{\"accessEntries\":[\"" + kAnn + "\"]}");
  EXPECT_EQ(error_type(call("GET", all + "?associatedPolicyArn=" + edit + "&nextToken=" + token)),
            "InvalidParameterException")
      << "a token of another list";
  EXPECT_EQ(error_type(call("GET", all + "?associatedPolicyArn=x")), "InvalidParameterException");

  const HttpResponse policies = call("GET", "/access-policies?maxResults=4");
  EXPECT_THAT(policies.body, HasSubstr(R"({"name":"AmazonEKSAdminPolicy","arn":")" + kPolicies));
  EXPECT_EQ(call("GET", "/access-policies?nextToken=" + member(policies, "", "nextToken")).body,
            R"({"accessPolicies":[{"name":"AmazonEKSViewPolicy","arn":")" + kPolicies + R"(AmazonEKSViewPolicy"}]})");
}

TEST_F(EntryOperations, RefusalsKeepTheirEksTypes) {
  EXPECT_EQ(error_type(create(kRoot)), "ResourceInUseException");
  EXPECT_EQ(error_type(create("arn:aws:iam::000000000000:user/none")), "InvalidParameterException");
  EXPECT_EQ(error_type(create(kAnn, R"(,"kubernetesGroups":["system:masters"])")), "InvalidParameterException");
  EXPECT_EQ(error_type(call("POST", "/clusters/none/access-entries", R"({"principalArn":"x"})")),
            "ResourceNotFoundException");
  for (const char* target : {"/clusters/none/access-entries", "/clusters/-/access-entries",
                             "/clusters/none/access-entries/x", "/clusters/none/access-entries/x/access-policies"}) {
    EXPECT_EQ(error_type(call("GET", target)), "ResourceNotFoundException") << target;
  }
  EXPECT_EQ(error_type(call("POST", "/clusters/prod/access-entries", "{")), "SerializationException");
}

TEST_F(EntryOperations, TagsOfAnEntry) {
  const std::string arn = member(call("GET", path(kRoot)), "accessEntry", "accessEntryArn");
  const std::string tags = "/tags/" + wire::percent_encode(arn);
  EXPECT_EQ(call("POST", tags, R"({"tags":{"a":"1","b":"2"}})").status, 200);
  EXPECT_EQ(call("DELETE", tags + "?tagKeys=a").status, 200);
  EXPECT_EQ(call("GET", tags).body, R"({"tags":{"b":"2"}})");
  EXPECT_THAT(call("GET", path(kRoot)).body, HasSubstr(R"("tags":{"b":"2"})"));
  const std::string other = "/tags/" + wire::percent_encode(arn.substr(0, arn.size() - 1));
  EXPECT_EQ(error_type(call("GET", other)), "NotFoundException");
  EXPECT_EQ(error_type(call("POST", other, R"({"tags":{"a":"1"}})")), "NotFoundException");
  EXPECT_EQ(
      error_type(call(
          "GET", "/tags/" + wire::percent_encode("arn:aws:eks:us-east-1:000000000000:access-entry/none/user/0/ann/u"))),
      "NotFoundException");
}

TEST_F(EntryOperations, OperationsAreNamed) {
  HttpRequest request;
  request.method = "GET";
  request.target = path(kAnn);
  EXPECT_EQ(EksHandlers::operation_of(request), "DescribeAccessEntry");
}

}  // namespace
}  // namespace sallyport::api::eks
