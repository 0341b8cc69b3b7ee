#include "api/asked.h"
#include "api/eks/routes.h"
#include "wire/json_parse.h"
#include "wire/uri.h"

namespace sallyport::api {

namespace {

std::string cluster_arn(const Surroundings& around, std::string_view name) {
  return "arn:aws:eks:" + around.region.str() + ":" + around.account.str() + ":cluster/" + std::string(name);
}

const wire::Json* member(const wire::JsonObject& object, std::string_view name) {
  for (const wire::JsonMember& one : object) {
    if (one.name == name) return &one.value;
  }
  return nullptr;
}

model::Tags tags_of(const wire::JsonObject& body) {
  model::Tags tags;
  const wire::Json* found = member(body, "tags");
  const wire::JsonObject* object = found == nullptr ? nullptr : found->as_object();
  if (object == nullptr) return tags;
  for (const wire::JsonMember& one : *object) {
    if (const std::string* value = one.value.as_string()) tags[one.name] = *value;
  }
  return tags;
}

void about_cluster(Asked& asked, const std::string& name, const Surroundings& around) {
  const auto tags = around.cluster_tags ? around.cluster_tags(name) : std::nullopt;
  asked.resources = {{.arn = cluster_arn(around, name), .tags = tags.value_or(model::Tags())}};
}

}  // namespace

void ask_eks(Asked& asked, const HttpRequest& request, const Surroundings& around) {
  const wire::Target target = wire::split_target(request.target);
  const eks::Route route = eks::find_route(request.method, target.path);
  const bool about_tags = target.path.starts_with("/tags/");
  if (target.path.starts_with("/clusters/") && !route.labels.empty()) {
    about_cluster(asked, route.labels.front(), around);
  } else if (about_tags && !route.labels.empty()) {
    const std::string prefix = cluster_arn(around, "");
    const std::string& arn = route.labels.front();
    if (arn.starts_with(prefix)) {
      about_cluster(asked, arn.substr(prefix.size()), around);
    } else {
      asked.resources = {{.arn = arn}};
    }
    if (const auto query = wire::parse_pairs(target.query)) {
      std::vector<std::string> keys;
      for (const auto& [key, value] : *query) {
        if (key == "tagKeys") keys.push_back(value);
      }
      asked.context.set("aws:TagKeys", std::move(keys));
    }
  }
  if (request.body.empty()) return;
  const auto body = wire::parse_json(request.body);
  const wire::JsonObject* object = body ? body->as_object() : nullptr;
  if (object == nullptr) return;
  add_request_tags(asked.context, tags_of(*object));
  if (route.operation == "CreateCluster") {
    const wire::Json* name = member(*object, "name");
    const std::string* text = name == nullptr ? nullptr : name->as_string();
    asked.resources = {{.arn = cluster_arn(around, text == nullptr ? std::string() : *text)}};
  }
}

}  // namespace sallyport::api
