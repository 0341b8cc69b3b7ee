#include "wire/access_review.h"

#include <algorithm>
#include <utility>

#include "wire/json_reader.h"
#include "wire/review_object.h"

namespace sallyport::wire {

namespace {

constexpr std::string_view kKind = "SubjectAccessReview";

void read_resource(JsonReader& spec, AccessReview& review) {
  auto attributes = spec.object("resourceAttributes");
  if (!attributes) return;
  review.verb = attributes->text("verb").value_or("");
  review.resource = ResourceAccess{.group = attributes->text("group").value_or(""),
                                   .resource = attributes->text("resource").value_or(""),
                                   .subresource = attributes->text("subresource").value_or(""),
                                   .space = attributes->text("namespace").value_or("")};
}

void read_path(JsonReader& spec, AccessReview& review) {
  auto attributes = spec.object("nonResourceAttributes");
  if (!attributes) return;
  review.verb = attributes->text("verb").value_or("");
  review.path = attributes->text("path").value_or("");
}

// Looked up by hand: the names of the members are data.
void read_extra(const JsonObject& spec, JsonReader& reader, JsonFault& fault, AccessReview& review) {
  if (!reader.object("extra")) return;
  const JsonObject& extra = *std::ranges::find(spec, "extra", &JsonMember::name)->value.as_object();
  JsonReader values(extra, "spec.extra", fault);
  for (const JsonMember& member : extra) {
    if (auto texts = values.texts(member.name)) review.extra.emplace(member.name, *std::move(texts));
  }
}

}  // namespace

base::Result<AccessReview> parse_access_review(std::string_view body) {
  auto object = parse_review_object(body, "authorization.k8s.io", kKind);
  if (!object) return base::fail(object.error());
  JsonFault fault;
  JsonReader spec(object->spec, "spec", fault);
  AccessReview review;
  review.api_version = std::move(object->api_version);
  review.user = spec.text("user").value_or("");
  const bool of_resource = spec.has("resourceAttributes");
  if (of_resource == spec.has("nonResourceAttributes")) {
    spec.refuse("resourceAttributes", "or nonResourceAttributes must be given, and one of them only");
  }
  read_resource(spec, review);
  read_path(spec, review);
  read_extra(object->spec, spec, fault, review);
  if (fault) return base::fail(*fault);
  return review;
}

std::string render_access_review(const std::string& api_version, bool allowed, std::string_view reason) {
  return render_review_object(api_version, kKind, {{"allowed", allowed}, {"denied", false}, {"reason", reason}});
}

}  // namespace sallyport::wire
