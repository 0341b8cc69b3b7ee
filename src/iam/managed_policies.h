#pragma once

#include <span>
#include <string>
#include <string_view>

namespace sallyport::iam {

// The policies that AWS manages, as far as Sallyport has what they are about. They cannot be changed.
struct ManagedPolicy {
  std::string_view name;  // "AdministratorAccess"; the ARN is "arn:aws:iam::aws:policy/" and this
  std::string id;         // "ANPA…", as on AWS in form, not in value
  std::string description;
  std::string document;
};

std::span<const ManagedPolicy> managed_policies();
// By ARN; null where there is none.
const std::string* managed_policy_document(std::string_view arn);

}  // namespace sallyport::iam
