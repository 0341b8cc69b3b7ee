#include "wire/token_review.h"

#include <utility>

#include "wire/json_reader.h"
#include "wire/review_object.h"

namespace sallyport::wire {

namespace {

constexpr std::string_view kKind = "TokenReview";

}  // namespace

base::Result<TokenReview> parse_token_review(std::string_view body) {
  auto object = parse_review_object(body, "authentication.k8s.io", kKind);
  if (!object) return base::fail(object.error());
  JsonFault fault;
  JsonReader spec(object->spec, "spec", fault);
  auto token = spec.text("token");
  if (fault) return base::fail(base::ErrorKind::kInvalidParameter, "spec.token must be a string", "spec.token");
  return TokenReview{std::move(object->api_version), std::move(token).value_or("")};
}

std::string render_token_review(const std::string& api_version, const KubernetesUser& user) {
  JsonArray groups;
  for (const std::string& group : user.groups)
    groups.emplace_back(group);
  JsonObject extra;
  for (const auto& [name, value] : user.extra)
    extra.push_back({name, JsonArray{Json(value)}});
  return render_review_object(api_version, kKind,
                              {{"authenticated", true},
                               {"user", JsonObject{{"username", user.username},
                                                   {"uid", user.uid},
                                                   {"groups", std::move(groups)},
                                                   {"extra", std::move(extra)}}}});
}

std::string render_token_refusal(const std::string& api_version, std::string_view why) {
  return render_review_object(api_version, kKind, {{"authenticated", false}, {"error", why}});
}

}  // namespace sallyport::wire
