#include "provider/request.h"

#include <gtest/gtest.h>

#include <string>

#include "provider/certificate.h"
#include "wire/json_value.h"

namespace sallyport::provider {
namespace {

constexpr const char* kId = "0123456789ABCDEF0123456789ABCDEF";

wire::JsonObject good() {
  return {{"apiVersion", "sallyport.dev/provider/v1"},
          {"action", "create"},
          {"cluster", "demo"},
          {"clusterId", kId},
          {"endpoint", "demo.gr1.us-east-1.eks.sallyport.internal"},
          {"version", "1.34"},
          {"serviceIpv4Cidr", "172.20.0.0/16"},
          {"sans", wire::JsonArray{"demo.gr1.us-east-1.eks.sallyport.internal", "127.0.0.1"}}};
}

std::string some_ca() {
  Profile profile;
  profile.common_name = "ca";
  profile.authority = true;
  profile.life = std::chrono::hours(1);
  return *issue(profile, *make_key(), nullptr, base::SystemClock().now());
}

wire::JsonObject good_webhooks() {
  return {{"authentication", "https://127.0.0.1:8790/clusters/demo/token-review"},
          {"authorization", "https://127.0.0.1:8790/clusters/demo/access-review"},
          {"ca", some_ca()},
          {"bearerToken", "s3cret"}};
}

wire::JsonObject with(wire::JsonObject object, const std::string& name, wire::Json value) {
  std::erase_if(object, [&](const wire::JsonMember& member) { return member.name == name; });
  object.push_back({name, std::move(value)});
  return object;
}

std::string refusal(const wire::JsonObject& object) {
  const auto parsed = parse_request(to_text(object));
  return parsed ? std::string("it was taken") : parsed.error().message;
}

TEST(ParseRequest, TakesACreate) {
  const auto parsed = parse_request(to_text(with(good(), "webhooks", good_webhooks())));
  ASSERT_TRUE(parsed) << parsed.error().message;
  const auto& create = std::get<CreateRequest>(*parsed);
  EXPECT_EQ(create.id.str(), kId);
  EXPECT_EQ(create.cluster.str(), "demo");
  EXPECT_EQ(create.endpoint, "demo.gr1.us-east-1.eks.sallyport.internal");
  EXPECT_EQ(create.version, (KubernetesVersion{1, 34}));
  EXPECT_EQ(create.service_cidr, "172.20.0.0/16");
  ASSERT_TRUE(create.webhooks);
  EXPECT_EQ(create.webhooks->authorization, "https://127.0.0.1:8790/clusters/demo/access-review");
  EXPECT_EQ(create.webhooks->bearer_token, "s3cret");
}

TEST(ParseRequest, TakesADeleteAndWhatALaterMinorVersionAdds) {
  const auto parsed = parse_request(
      R"({"apiVersion":"sallyport.dev/provider/v1","action":"delete","cluster":"demo","clusterId":"0123456789ABCDEF0123456789ABCDEF","new":1})");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(std::get<DeleteRequest>(*parsed).id.str(), kId);
}

TEST(ParseRequest, OneNameIsOneHoweverOftenAndInWhatCaseItIsGiven) {
  const auto parsed = parse_request(to_text(
      with(good(), "sans", wire::JsonArray{"b.example.com", "*.A.example.com", "B.example.com", "2001:DB8::1"})));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(std::get<CreateRequest>(*parsed).sans,
            (std::vector<std::string>{"*.a.example.com", "2001:db8::1", "b.example.com"}));
}

TEST(ParseRequest, LeavesOutWhatNeedNotBeGiven) {
  auto object = good();
  std::erase_if(
      object, [](const wire::JsonMember& member) { return member.name == "sans" || member.name == "serviceIpv4Cidr"; });
  const auto parsed = parse_request(to_text(object));
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(std::get<CreateRequest>(*parsed).service_cidr, "10.100.0.0/16");
  EXPECT_FALSE(std::get<CreateRequest>(*parsed).webhooks);
}

TEST(ParseRequest, NamesTheMemberAndTheValue) {
  const auto refuses = [](const std::string& name, wire::Json value, const std::string& shown) {
    const std::string message = refusal(with(good(), name, std::move(value)));
    EXPECT_NE(message.find(name), std::string::npos) << message;
    EXPECT_NE(message.find(shown), std::string::npos) << message;
  };
  refuses("apiVersion", "sallyport.dev/provider/v2", "v2");
  refuses("action", "restart", "restart");
  refuses("clusterId", "../0123456789ABCDEF0123456789ABCD", "../");
  refuses("clusterId", "0123456789abcdef0123456789abcdef", "upper-case");
  refuses("clusterId", wire::Json(), "missing");
  refuses("cluster", "-demo", "-demo");
  refuses("cluster", std::string(101, 'a'), "100");
  refuses("endpoint", "192.0.2.1", "192.0.2.1");
  refuses("endpoint", "*.example.com", "*.example.com");
  refuses("endpoint", "a..b", "a..b");
  refuses("endpoint", "-a.b", "-a.b");
  refuses("version", "1.34.4", "1.34.4");
  refuses("version", wire::Json::number(1), "string");
  refuses("serviceIpv4Cidr", "10.0.0.0/11", "/12");
  refuses("serviceIpv4Cidr", "10.0.0.0/25", "/24");
  refuses("serviceIpv4Cidr", "10.0.0.1/16", "10.0.0.0/16");
  refuses("serviceIpv4Cidr", "fd00::/16", "fd00::/16");
  refuses("sans", wire::JsonArray{"a,DNS:b"}, "a,DNS:b");
  refuses("sans", "a.example.com", "list");
  refuses("sans", wire::JsonArray(101, wire::Json("a.example.com")), "101");
}

TEST(ParseRequest, LooksIntoTheWebhooks) {
  const auto refuses = [](const std::string& name, wire::Json value) {
    return refusal(with(good(), "webhooks", with(good_webhooks(), name, std::move(value))));
  };
  EXPECT_NE(refuses("authentication", "http://127.0.0.1/").find("webhooks.authentication"), std::string::npos);
  EXPECT_NE(refuses("authorization", "https://a b/").find("webhooks.authorization"), std::string::npos);
  EXPECT_NE(refuses("authorization", wire::Json()).find("webhooks.authorization"), std::string::npos);
  EXPECT_NE(refuses("ca", "-----BEGIN CERTIFICATE-----\n").find("webhooks.ca"), std::string::npos);
  EXPECT_NE(refuses("ca", some_ca().substr(0, 200)).find("webhooks.ca"), std::string::npos);
  const std::string secret = refuses("bearerToken", "top secret");
  EXPECT_NE(secret.find("webhooks.bearerToken"), std::string::npos);
  EXPECT_EQ(secret.find("top"), std::string::npos) << "a secret must not be shown";
}

TEST(ParseRequest, RefusesWhatIsNoJsonObject) {
  for (const char* text :
       {"", "{", "[]", "null", "\"create\"", "{} {}", "{\"action\":\"create\",\"action\":\"delete\"}"})
    EXPECT_FALSE(parse_request(text)) << text;
  const auto parsed = parse_request(std::string(1024 * 1024 + 1, ' '));
  ASSERT_FALSE(parsed);
  EXPECT_EQ(parsed.error().kind, base::ErrorKind::kLimitExceeded);
}

TEST(Render, AnswersAreOneLineOfJson) {
  EXPECT_EQ(render_created({"127.0.0.1:21000"}, "a\nb"), "{\"servers\":[\"127.0.0.1:21000\"],\"ca\":\"a\\u000ab\"}");
  EXPECT_EQ(render_deleted(), "{}");
  EXPECT_EQ(render_failure({base::ErrorKind::kInternal, "a \"b\"", {}}), R"({"error":"a \"b\""})");
}

}  // namespace
}  // namespace sallyport::provider
