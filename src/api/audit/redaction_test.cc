#include "api/audit/redaction.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "wire/json_parse.h"

namespace sallyport::api::audit {
namespace {

TEST(Redaction, KnowsSecretsHoweverTheyAreSpelt) {
  for (const char* name : {"SecretAccessKey", "secret_access_key", "SECRET-ACCESS-KEY", "X-Amz-Security-Token",
                           "sessionToken", "Password", "newPassword", "PreSharedKey", "X-Amz-Signature", "privateKey",
                           "Authorization", "customerGatewayConfiguration"}) {
    EXPECT_TRUE(is_secret_name(name)) << name;
  }
  for (const char* name : {"clientRequestToken", "ClientToken", "nextToken", "AccessKeyId", "PolicyDocument", "Key",
                           "name", "publicAccessCidrs", "CertificateAuthority", ""}) {
    EXPECT_FALSE(is_secret_name(name)) << name;
  }
}

std::string hidden(std::string_view json) {
  Redaction redaction;
  return wire::to_text(redaction.hide({}, *wire::parse_json(json)));
}

TEST(Redaction, HidesByNameByGivenNameAndByLook) {
  EXPECT_EQ(hidden(R"({"a":"x","password":"hunter22","n":{"Secrets":["one1",{"k":"two2"}]},"token":null})"),
            R"({"a":"x","password":"HIDDEN_DUE_TO_SECURITY_REASONS",)"
            R"("n":{"Secrets":"HIDDEN_DUE_TO_SECURITY_REASONS"},"token":null})");
  EXPECT_EQ(
      hidden(R"({"tags":[{"key":"db_password","value":"hunter22"},{"key":"team","value":"blue"}]})"),
      R"({"tags":[{"key":"db_password","value":"HIDDEN_DUE_TO_SECURITY_REASONS"},{"key":"team","value":"blue"}]})");
  EXPECT_EQ(hidden(R"(["k8s-aws-v1.aHR0","https://x/?X-Amz-Signature=00","https://x/"])"),
            R"(["HIDDEN_DUE_TO_SECURITY_REASONS","HIDDEN_DUE_TO_SECURITY_REASONS","https://x/"])");
}

TEST(Redaction, FindsThemWhereTheyAreQuotedAndTheirBeginnings) {
  Redaction redaction;
  redaction.hide("password", wire::Json("correct horse battery staple"));
  redaction.hide("password", wire::Json("pw12"));
  redaction.hide("password", wire::Json("x"));
  EXPECT_EQ(redaction.scrub("is \"correct horse battery staple\", is \"correct horse…\", is \"pw12\", extra"),
            "is \"HIDDEN_DUE_TO_SECURITY_REASONS\", is \"HIDDEN_DUE_TO_SECURITY_REASONS…\", is "
            "\"HIDDEN_DUE_TO_SECURITY_REASONS\", extra");
  const wire::Json quoting(wire::JsonObject{{"a", wire::JsonArray{"pw12"}}, {"b", true}});
  EXPECT_EQ(wire::to_text(redaction.scrub_all(quoting)), R"({"a":["HIDDEN_DUE_TO_SECURITY_REASONS"],"b":true})");
}

TEST(Redaction, KeepsNothingThatCouldQuoteTooManyToLookFor) {
  Redaction redaction;
  for (int i = 0; i < 100; ++i)
    redaction.hide("password", wire::Json("secret number " + std::to_string(i)));
  EXPECT_EQ(redaction.scrub("anything"), kHidden);
}

// A name of a secret, spelt as clients, forms, headers and environments spell names.
rc::Gen<std::string> spelt() {
  return rc::gen::map(
      rc::gen::tuple(rc::gen::element<std::string>("secret access key", "session token", "password", "pre shared key",
                                                   "x amz security token", "x amz signature", "private key"),
                     rc::gen::element<std::string>("", "_", "-", ".x", " "), rc::gen::inRange(0, 3)),
      [](const auto& parts) {
        const auto& [words, separator, letters] = parts;
        std::string name;
        bool first = true;
        for (const char c : words) {
          if (c == ' ') {
            name += separator == ".x" ? std::string() : separator;
            first = true;
          } else {
            const bool upper = letters == 1 || (letters == 2 && first);
            name += upper ? static_cast<char>(c - 'a' + 'A') : c;
            first = false;
          }
        }
        return name;
      });
}

RC_GTEST_PROP(RedactionProperty, NoSecretIsLeftInAnyPlace, ()) {
  const std::string secret = "s3cr3t" + *rc::gen::container<std::string>(20, rc::gen::inRange('a', 'z'));
  wire::Json json = wire::JsonObject{{*spelt(), secret}, {"plain", "value"}};
  const int depth = *rc::gen::inRange(0, 5);
  for (int i = 0; i < depth; ++i) {
    json = *rc::gen::arbitrary<bool>() ? wire::Json(wire::JsonArray{json, "x"})
                                       : wire::Json(wire::JsonObject{{"member", json}});
  }
  Redaction redaction;
  const std::string kept = wire::to_text(redaction.hide({}, json));
  RC_ASSERT(kept.find("s3cr3t") == std::string::npos);
  RC_ASSERT(kept.find("value") != std::string::npos);
  RC_ASSERT(redaction.scrub("the value " + secret + " is wrong").find("s3cr3t") == std::string::npos);
}

}  // namespace
}  // namespace sallyport::api::audit
