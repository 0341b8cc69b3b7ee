#include "api/audit/redaction.h"

#include <algorithm>
#include <array>
#include <utility>

namespace sallyport::api::audit {

namespace {

// Of names in lower case, without what is neither letter nor digit.
constexpr std::array<std::string_view, 3> kHarmless = {"clientrequesttoken", "clienttoken", "nexttoken"};
constexpr std::array<std::string_view, 17> kSecret = {
    "secret",        "password",      "passwd",     "passphrase",
    "token",         "signature",     "privatekey", "presharedkey",
    "authorization", "apikey",        "bearer",     "samlassertion",
    "userdata",      "authenticator", "kubeconfig", "customergatewayconfiguration",
    "ticket"};
constexpr std::array<std::string_view, 4> kSecretTexts = {
    "k8s-aws-v1.", "X-Amz-Signature=", "X-Amz-Security-Token=", "PRIVATE KEY-----"};
// Shorter ones occur by chance; hiding those would make messages unreadable.
constexpr std::size_t kShortestSought = 4;
constexpr std::size_t kSoughtPrefix = 8;
// More make a search too long: then nothing that could quote them is kept.
constexpr std::size_t kMostSecrets = 64;

std::string plain(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') out.push_back(static_cast<char>(c - 'A' + 'a'));
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out.push_back(c);
  }
  return out;
}

bool looks_secret(std::string_view text) {
  return std::ranges::any_of(kSecretTexts,
                             [&](std::string_view mark) { return text.find(mark) != std::string_view::npos; });
}

// The name that an element of a list of names and values gives its value.
std::string_view given_name(const wire::JsonObject& object) {
  for (const wire::JsonMember& member : object) {
    const std::string name = plain(member.name);
    const std::string* text = member.value.as_string();
    if (text != nullptr && (name == "key" || name == "name" || name.ends_with("key") || name.ends_with("name"))) {
      if (is_secret_name(*text)) return *text;
    }
  }
  return {};
}

bool is_value(std::string_view name) {
  const std::string its = plain(name);
  return its == "value" || its == "values" || its.ends_with("value");
}

}  // namespace

bool is_secret_name(std::string_view name) {
  const std::string its = plain(name);
  if (std::ranges::find(kHarmless, its) != kHarmless.end()) return false;
  return std::ranges::any_of(kSecret, [&](std::string_view word) { return its.find(word) != std::string::npos; });
}

void Redaction::remember(const wire::Json& secret) {
  if (const auto* text = secret.as_string()) {
    if (text->size() < kShortestSought) return;
    too_many_ = too_many_ || secrets_.size() == kMostSecrets;
    if (!too_many_) secrets_.push_back(*text);
  } else if (const auto* number = secret.as_number()) {
    remember(number->literal);
  } else if (const auto* array = secret.as_array()) {
    for (const wire::Json& element : *array)
      remember(element);
  } else if (const auto* object = secret.as_object()) {
    for (const wire::JsonMember& member : *object)
      remember(member.value);
  }
}

wire::Json Redaction::hide(std::string_view name, const wire::Json& json) {
  if (json.is_null()) return json;
  const std::string* text = json.as_string();
  if (is_secret_name(name) || (text != nullptr && looks_secret(*text))) {
    remember(json);
    return kHidden;
  }
  if (const auto* array = json.as_array()) {
    wire::JsonArray kept;
    for (const wire::Json& element : *array)
      kept.push_back(hide(name, element));
    return kept;
  }
  if (const auto* object = json.as_object()) {
    const std::string_view given = given_name(*object);
    wire::JsonObject kept;
    for (const wire::JsonMember& member : *object) {
      const bool named = !given.empty() && is_value(member.name);
      kept.push_back({member.name, hide(named ? given : std::string_view(member.name), member.value)});
    }
    return kept;
  }
  return json;
}

std::string Redaction::scrub(std::string_view text) const {
  if (too_many_) return std::string(kHidden);
  std::string out(text);
  for (const std::string& secret : secrets_) {
    const std::string_view start = std::string_view(secret).substr(0, kSoughtPrefix);
    for (std::size_t at = out.find(start); at != std::string::npos; at = out.find(start, at + kHidden.size())) {
      const auto [end, ignored] =
          std::mismatch(out.begin() + static_cast<std::ptrdiff_t>(at), out.end(), secret.begin(), secret.end());
      out.replace(at, static_cast<std::size_t>(end - out.begin()) - at, kHidden);
    }
  }
  return out;
}

wire::Json Redaction::scrub_all(const wire::Json& json) const {
  if (secrets_.empty() && !too_many_) return json;
  if (const auto* text = json.as_string()) return scrub(*text);
  if (const auto* array = json.as_array()) {
    wire::JsonArray kept;
    for (const wire::Json& element : *array)
      kept.push_back(scrub_all(element));
    return kept;
  }
  if (const auto* object = json.as_object()) {
    wire::JsonObject kept;
    for (const wire::JsonMember& member : *object)
      kept.push_back({member.name, scrub_all(member.value)});
    return kept;
  }
  return json;
}

}  // namespace sallyport::api::audit
