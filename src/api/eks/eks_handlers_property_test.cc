#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <string>

#include "api/eks/handlers_fixture.h"
#include "wire/json_parse.h"

namespace sallyport::api::eks {
namespace {

using wire::Json;
using wire::JsonArray;
using wire::JsonObject;

constexpr auto kBodies = std::to_array<const char*>({
    R"({"name":"prod","version":"1.34","roleArn":"arn:aws:iam::000000000000:role/eks","resourcesVpcConfig":{)"
    R"("subnetIds":["subnet-a","subnet-b"],"securityGroupIds":["sg-1"],"endpointPublicAccess":true,)"
    R"("endpointPrivateAccess":true,"publicAccessCidrs":["203.0.113.5/32"]},"kubernetesNetworkConfig":{)"
    R"("serviceIpv4Cidr":"172.20.0.0/16","ipFamily":"ipv4"},"logging":{"clusterLogging":[{"types":["api"],)"
    R"("enabled":true}]},"tags":{"a":"b"},"accessConfig":{"authenticationMode":"API"},"deletionProtection":false,)"
    R"("computeConfig":{"enabled":false,"nodePools":[]},"clientRequestToken":"t"})",
    R"({"resourcesVpcConfig":{"endpointPublicAccess":true,"publicAccessCidrs":["203.0.113.5/32","2001:db8::/32"]}})",
    R"({"logging":{"clusterLogging":[{"types":["api","audit"],"enabled":false}]},"clientRequestToken":"t"})",
    R"({"tags":{"team":"platform"}})",
    R"({"principalArn":"arn:aws:iam::000000000000:root","kubernetesGroups":["a","b"],"username":"u","type":"STANDARD",)"
    R"("tags":{"a":"b"},"clientRequestToken":"t"})",
    R"({"kubernetesGroups":["a"],"username":"ann","clientRequestToken":"t"})",
    R"({"policyArn":"arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy","accessScope":{"type":"namespace",)"
    R"("namespaces":["a","b-*"]}})",
});
// Where each of kBodies belongs.
constexpr auto kTargets = std::to_array<const char*>({
    "/clusters",
    "/clusters/prod/update-config",
    "/clusters/prod/update-config",
    "/tags/arn%3Aaws%3Aeks%3Aus-east-1%3A000000000000%3Acluster%2Fprod",
    "/clusters/prod/access-entries",
    "/clusters/prod/access-entries/arn%3Aaws%3Aiam%3A%3A000000000000%3Auser%2Fann",
    "/clusters/prod/access-entries/arn%3Aaws%3Aiam%3A%3A000000000000%3Auser%2Fann/access-policies",
});

Json odd_value() {
  switch (*rc::gen::inRange(0, 8)) {
    case 0: return {};
    case 1: return *rc::gen::arbitrary<bool>();
    case 2: return Json::number(*rc::gen::arbitrary<std::uint32_t>());
    case 3: return wire::valid_utf8(*rc::gen::arbitrary<std::string>());
    case 4: return JsonArray{};
    case 5: return JsonObject{};
    case 6: return JsonArray{"x", Json::number(1), JsonObject{}};
    default: return JsonObject{{"enabled", "maybe"}};
  }
}

// The value with, now and then, a part replaced, dropped, doubled or renamed.
Json mutated(const Json& json) {
  if (*rc::gen::inRange(0, 40) == 0) return odd_value();
  if (const JsonArray* array = json.as_array()) {
    JsonArray out;
    for (const Json& element : *array) {
      const int copies = *rc::gen::inRange(0, 40);
      for (int i = copies == 0 ? 0 : (copies == 1 ? 2 : 1); i > 0; --i)
        out.push_back(mutated(element));
    }
    return out;
  }
  if (const JsonObject* object = json.as_object()) {
    JsonObject out;
    for (const wire::JsonMember& member : *object) {
      const int fate = *rc::gen::inRange(0, 60);
      if (fate == 0) continue;
      out.push_back(
          {fate == 1 ? wire::valid_utf8(*rc::gen::arbitrary<std::string>()) : member.name, mutated(member.value)});
    }
    return out;
  }
  return json;
}

// A success, or a client error with its type and a message, in JSON either way.
void check_answer(const Outcome& outcome) {
  const int status = outcome.response.status;
  RC_ASSERT((status >= 200 && status < 300) || (status >= 400 && status < 500));
  const auto json = wire::parse_json(outcome.response.body);
  RC_ASSERT(json.has_value());
  if (status < 400) return;
  RC_ASSERT(!error_type(outcome.response).empty());
  const JsonObject& body = *json->as_object();
  const bool told = std::ranges::any_of(body, [](const wire::JsonMember& member) {
    return member.name == "message" && member.value.as_string() != nullptr && !member.value.as_string()->empty();
  });
  RC_ASSERT(told);
}

RC_GTEST_PROP(EksAnswers, MutatedRequestsAreServedOrRefused, ()) {
  HandlersFixture fixture;
  fixture.add_cluster("prod");
  fixture.add_entry("prod", "arn:aws:iam::000000000000:user/ann");
  const auto kind = *rc::gen::inRange<std::size_t>(0, kBodies.size());
  const Json original = wire::parse_json(kBodies.at(kind)).value();
  const std::string target = kTargets.at(kind);
  const Outcome outcome = fixture.call("POST", target, wire::to_text(mutated(original)));
  RC_CLASSIFY(outcome.response.status == 200, "served");
  check_answer(outcome);
}

RC_GTEST_PROP(EksAnswers, DamagedTextIsServedOrRefused, ()) {
  HandlersFixture fixture;
  fixture.add_cluster("prod");
  fixture.add_entry("prod", "arn:aws:iam::000000000000:user/ann");
  std::string text = kBodies.at(*rc::gen::inRange<std::size_t>(0, kBodies.size()));
  for (int i = *rc::gen::inRange(1, 4); i > 0; --i) {
    const auto at = *rc::gen::inRange<std::size_t>(0, text.size());
    if (*rc::gen::arbitrary<bool>()) {
      text[at] = *rc::gen::arbitrary<char>();
    } else {
      text.erase(at, *rc::gen::inRange<std::size_t>(1, 20));
      if (text.empty()) break;
    }
  }
  check_answer(fixture.call("POST", kTargets.at(*rc::gen::inRange<std::size_t>(0, kTargets.size())), text));
}

RC_GTEST_PROP(EksAnswers, AnyTargetIsServedOrRefused, (const std::string& rest)) {
  HandlersFixture fixture;
  fixture.add_cluster("prod");
  fixture.add_entry("prod", "arn:aws:iam::000000000000:user/ann");
  const auto prefix = *rc::gen::element<std::string>(
      "", "/", "/clusters", "/clusters?", "/clusters/", "/clusters/prod/updates?", "/clusters/prod/updates/", "/tags/",
      "/tags/x?tagKeys=", "/clusters/prod/access-entries/", "/clusters/prod/access-entries?");
  const auto method = *rc::gen::element<std::string>("GET", "POST", "DELETE", "PUT");
  check_answer(fixture.call(method, prefix + rest, "{}"));
}

}  // namespace
}  // namespace sallyport::api::eks
