#include "iam/entry_policies.h"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::iam {

namespace {

using base::ErrorKind;
using base::fail;

constexpr std::string_view kPrefix = "arn:aws:eks::aws:cluster-access-policy/";
constexpr std::array<std::string_view, 5> kNames = {
    "AmazonEKSAdminPolicy", "AmazonEKSAdminViewPolicy", kClusterAdminPolicy,
    "AmazonEKSEditPolicy",  "AmazonEKSViewPolicy",
};
constexpr std::size_t kShownBytes = 128;
constexpr std::size_t kLongestNamespace = 63;

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_namespace(std::string_view text) {
  const auto inner = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '*'; };
  return !text.empty() && text.size() <= kLongestNamespace && inner(text.front()) && inner(text.back()) &&
         std::ranges::all_of(text, [&](char c) { return inner(c) || c == '-'; });
}

tl::unexpected<base::Error> bad_scope(const std::string& why) {
  return fail(ErrorKind::kInvalidParameter, "accessScope.namespaces " + why, "accessScope.namespaces");
}

}  // namespace

std::span<const std::string_view> entry_policy_names() { return kNames; }

model::Arn entry_policy_arn(std::string_view name) { return model::Arn(std::string(kPrefix) + std::string(name)); }

base::Status check_entry_policy_form(const model::Arn& arn) {
  const std::string_view text = arn.str();
  if (text.starts_with(kPrefix) && is_name(text.substr(kPrefix.size()))) return {};
  return fail(ErrorKind::kInvalidParameter,
              "The policyArn parameter format is not valid: " + wire::shortened(text, kShownBytes) +
                  " is no access policy, which is none of IAM's policies; ListAccessPolicies shows those there are",
              "policyArn");
}

base::Status check_entry_policy(const model::Arn& arn) {
  if (auto formed = check_entry_policy_form(arn); !formed) return formed;
  const std::string_view name = std::string_view(arn.str()).substr(kPrefix.size());
  if (std::ranges::find(kNames, name) != kNames.end()) return {};
  return fail(ErrorKind::kNotFound,
              "The specified policyArn could not be found: Sallyport has no access policy " +
                  wire::shortened(name, kShownBytes) +
                  ". You can view your available access policies with 'list-access-policies'.",
              "policyArn");
}

base::Status check_access_scope(const model::AccessScope& scope) {
  const auto& names = scope.namespaces;
  if (scope.whole_cluster) {
    if (names.empty()) return {};
    return bad_scope("has no place in a scope of type cluster; leave it out, or make the type namespace");
  }
  constexpr std::size_t kMost = base::limits::kNamespacesPerAccessScope;
  if (names.empty()) return bad_scope("is required in a scope of type namespace: at least one name");
  if (names.size() > kMost) {
    return bad_scope("has " + std::to_string(names.size()) + " entries; at most " + std::to_string(kMost) +
                     " are allowed: use a '*' for those that begin alike");
  }
  std::set<std::string_view> seen;
  for (const std::string& name : names) {
    if (!is_namespace(name)) {
      return bad_scope("has \"" + wire::shortened(name) +
                       "\", which is no name of a namespace: 1 to 63 lower-case letters, digits, hyphens and '*', "
                       "beginning and ending with none of the hyphens");
    }
    if (!seen.insert(name).second) return bad_scope("repeats " + name + "; give each name once");
  }
  return {};
}

}  // namespace sallyport::iam
