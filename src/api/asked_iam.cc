#include <algorithm>
#include <vector>

#include "api/asked.h"
#include "api/query_form.h"
#include "base/bytes.h"
#include "iam/names.h"

namespace sallyport::api {

namespace {

std::optional<std::string> value(const wire::Pairs& form, std::string_view name) {
  const auto found = wire::only_value(form, name);
  if (!found || found->empty()) return std::nullopt;
  return std::string(*found);
}

// The ARN of who has that name, or would have it.
template <class T>
std::string arn_by_name(const Surroundings& around, const std::string& name, const std::string& path) {
  for (const auto& [id, thing] : model::all_of<T>(around.identities)) {
    if (base::ascii_iequals(thing->name, name)) return iam::arn_of(around.account, *thing).str();
  }
  T made{};
  made.name = name;
  made.path = path;
  return iam::arn_of(around.account, made).str();
}

model::Tags tags_of(const wire::Pairs& form) {
  std::map<std::string, std::pair<std::string, std::string>> by_number;
  for (const auto& [name, text] : form) {
    if (!name.starts_with("Tags.member.")) continue;
    const std::string rest = name.substr(std::string_view("Tags.member.").size());
    const std::size_t dot = rest.find('.');
    if (dot == std::string::npos) continue;
    if (rest.substr(dot) == ".Key") by_number[rest.substr(0, dot)].first = text;
    if (rest.substr(dot) == ".Value") by_number[rest.substr(0, dot)].second = text;
  }
  model::Tags tags;
  for (const auto& [number, tag] : by_number)
    tags[tag.first] = tag.second;
  return tags;
}

// Of the Untag operations.
std::vector<std::string> untagged_keys(const wire::Pairs& form) {
  std::vector<std::string> keys;
  for (const auto& [name, text] : form) {
    if (name.starts_with("TagKeys.member.")) keys.push_back(text);
  }
  return keys;
}

template <class T>
AskedResource resource(const Surroundings& around, const std::string& arn) {
  for (const auto& [id, thing] : model::all_of<T>(around.identities)) {
    if (iam::arn_of(around.account, *thing).str() == arn) return {.arn = arn, .tags = thing->tags};
  }
  return {.arn = arn};
}

// Who a user would be after UpdateUser: trust policies and policies of others may know that name.
std::optional<std::string> renamed_user(const Surroundings& around, const wire::Pairs& form, const std::string& name) {
  const auto new_name = value(form, "NewUserName");
  const auto new_path = value(form, "NewPath");
  if (!new_name && !new_path) return std::nullopt;
  model::IamUser user;
  user.name = name;
  for (const auto& [id, known] : model::all_of<model::IamUser>(around.identities)) {
    if (base::ascii_iequals(known->name, name)) user = *known;
  }
  user.name = new_name.value_or(user.name);
  user.path = new_path.value_or(user.path);
  return iam::arn_of(around.account, user).str();
}

}  // namespace

void ask_iam(Asked& asked, const HttpRequest& request, const Surroundings& around) {
  const auto form = query_form(request);
  if (!form) return;
  add_request_tags(asked.context, tags_of(*form));
  if (auto keys = untagged_keys(*form); !keys.empty()) asked.context.set("aws:TagKeys", std::move(keys));
  const std::string path = value(*form, "Path").value_or("/");
  const auto policy = value(*form, "PolicyArn");
  if (policy) asked.context.set("iam:PolicyARN", *policy);
  if (const auto name = value(*form, "UserName")) {
    asked.resources = {resource<model::IamUser>(around, arn_by_name<model::IamUser>(around, *name, path))};
    if (const auto renamed = renamed_user(around, *form, *name)) asked.resources.push_back({.arn = *renamed});
  } else if (const auto role = value(*form, "RoleName")) {
    asked.resources = {resource<model::IamRole>(around, arn_by_name<model::IamRole>(around, *role, path))};
  } else if (policy) {
    asked.resources = {resource<model::IamPolicy>(around, *policy)};
  } else if (const auto created = value(*form, "PolicyName")) {
    asked.resources = {{.arn = arn_by_name<model::IamPolicy>(around, *created, path)}};
  } else if (around.principal.user && (!asked.action.starts_with("iam:List") || asked.action == "iam:ListAccessKeys")) {
    // Without a name, the caller is meant.
    asked.resources = {resource<model::IamUser>(around, around.principal.arn.str())};
  }
}

}  // namespace sallyport::api
