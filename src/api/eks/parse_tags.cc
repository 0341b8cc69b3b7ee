#include "api/eks/parse_tags.h"

#include "api/eks/fields.h"
#include "api/eks/request_body.h"
#include "base/limits.h"
#include "wire/json_reader.h"

namespace sallyport::api::eks {

base::Result<model::Tags> parse_tag_resource(std::string_view text) {
  const auto object = parse_body(text);
  if (!object) return base::fail(object.error());
  wire::JsonFault fault;
  wire::JsonReader body(*object, "", fault);
  auto tags = read_tags(body);
  if (!tags || tags->empty()) body.refuse("tags", "is required: at least one key with its value");
  body.finish();
  if (fault) return base::fail(*fault);
  return std::move(*tags);
}

base::Result<std::vector<std::string>> parse_tag_keys(const Query& query) {
  std::vector<std::string> keys = query.all("tagKeys");
  const auto refuse = [](const std::string& why) {
    return base::fail(base::ErrorKind::kInvalidParameter, "tagKeys " + why, "tagKeys");
  };
  if (keys.empty()) return refuse("is required: the keys to remove, as ?tagKeys=KEY&tagKeys=KEY");
  if (keys.size() > base::limits::kTagsPerResource) {
    return refuse("has " + std::to_string(keys.size()) + " entries; at most " +
                  std::to_string(base::limits::kTagsPerResource) + " are allowed");
  }
  for (const std::string& key : keys) {
    if (const std::string wrong = check_tag_key(key); !wrong.empty()) return refuse(wrong);
  }
  return keys;
}

}  // namespace sallyport::api::eks
