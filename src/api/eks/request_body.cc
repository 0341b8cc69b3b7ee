#include "api/eks/request_body.h"

#include <algorithm>
#include <iterator>

#include "base/bytes.h"
#include "wire/crypto.h"
#include "wire/json_parse.h"
#include "wire/json_reader.h"

namespace sallyport::api::eks {

base::Result<wire::JsonObject> parse_body(std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    return base::fail(base::ErrorKind::kCorrupt, "The request body is empty; send a JSON object");
  }
  auto json = wire::parse_json(body);
  if (!json) return base::fail(json.error().kind, "The request body is not valid JSON: " + json.error().message);
  const wire::JsonObject* object = json->as_object();
  if (object == nullptr) {
    return base::fail(base::ErrorKind::kCorrupt, "The request body must be a JSON object, is " + wire::describe(*json));
  }
  return *object;
}

std::string request_hash(std::string_view operation, std::string_view resource, const wire::JsonObject& body) {
  wire::JsonObject hashed;
  std::ranges::copy_if(body, std::back_inserter(hashed),
                       [](const wire::JsonMember& member) { return member.name != "clientRequestToken"; });
  const std::string text = std::string(operation) + '\n' + std::string(resource) + '\n' +
                           wire::to_canonical_text(wire::Json(std::move(hashed)));
  return base::to_hex(wire::sha256(text));
}

}  // namespace sallyport::api::eks
