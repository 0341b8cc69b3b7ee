#pragma once

#include <span>
#include <string_view>

#include "base/result.h"
#include "model/access_entry.h"
#include "model/ids.h"

// The access policies that can be associated with an access entry: those whose permissions Sallyport can answer for.
// They are EKS's own and are not changed. Pure; any thread.
namespace sallyport::iam {

inline constexpr std::string_view kClusterAdminPolicy = "AmazonEKSClusterAdminPolicy";

std::span<const std::string_view> entry_policy_names();  // in alphabetical order
model::Arn entry_policy_arn(std::string_view name);      // "arn:aws:eks::aws:cluster-access-policy/…"

// kInvalidParameter for what is no ARN of an access policy, kNotFound for one that is not among them.
base::Status check_entry_policy(const model::Arn& arn);
// Only the form: whether it could be one.
base::Status check_entry_policy_form(const model::Arn& arn);

// Namespaces, each once, where they belong and nowhere else: names as Kubernetes has them (RFC 1123 labels), in which
// '*' stands for any text. kInvalidParameter.
base::Status check_access_scope(const model::AccessScope& scope);

}  // namespace sallyport::iam
