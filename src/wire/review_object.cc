#include "wire/review_object.h"

#include <algorithm>
#include <utility>

#include "wire/json_parse.h"

namespace sallyport::wire {

namespace {

using base::ErrorKind;
using base::fail;

const Json* member(const JsonObject& object, std::string_view name) {
  const auto found = std::ranges::find(object, name, &JsonMember::name);
  return found == object.end() ? nullptr : &found->value;
}

}  // namespace

base::Result<ReviewObject> parse_review_object(std::string_view body, std::string_view group, std::string_view kind) {
  const auto json = parse_json(body);
  if (!json) {
    return fail(ErrorKind::kInvalidParameter, "the body is not strict JSON in UTF-8; send a " + std::string(kind));
  }
  const JsonObject* object = json->as_object();
  if (object == nullptr) {
    return fail(ErrorKind::kInvalidParameter, "the body is not a JSON object; send a " + std::string(kind));
  }
  const Json* stated_kind = member(*object, "kind");
  if (stated_kind == nullptr || stated_kind->as_string() == nullptr || *stated_kind->as_string() != kind) {
    return fail(ErrorKind::kInvalidParameter, "kind must be \"" + std::string(kind) + "\"", "kind");
  }
  const Json* version = member(*object, "apiVersion");
  const std::string* text = version == nullptr ? nullptr : version->as_string();
  if (text == nullptr || (*text != std::string(group) + "/v1" && *text != std::string(group) + "/v1beta1")) {
    return fail(ErrorKind::kInvalidParameter,
                "apiVersion must be \"" + std::string(group) + "/v1\" or \"" + std::string(group) + "/v1beta1\"",
                "apiVersion");
  }
  const Json* spec = member(*object, "spec");
  if (spec == nullptr || spec->as_object() == nullptr) {
    return fail(ErrorKind::kInvalidParameter, "spec must be an object", "spec");
  }
  return ReviewObject{*text, *spec->as_object()};
}

std::string render_review_object(const std::string& api_version, std::string_view kind, JsonObject status) {
  return to_text(JsonObject{{"apiVersion", api_version}, {"kind", kind}, {"status", std::move(status)}});
}

}  // namespace sallyport::wire
