#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "api/identity/operation.h"

// Managed policies: those of the account and the built-in ones.
namespace sallyport::api::identity {

struct Managed {
  const model::IamPolicy* policy = nullptr;  // never null in an answer
  model::Arn arn{};
  bool built_in = false;
};

// Every one there is.
std::vector<Managed> all_managed(const Context& context);
std::optional<Managed> find_managed(const Context& context, const model::Arn& arn);

// The one that PolicyArn names; InvalidInput for what is no ARN, else NoSuchEntity.
IamResult<Managed> managed_policy(const Context& context);
// The same, but UnmodifiableEntity for a built-in one.
IamResult<const model::IamPolicy*> own_policy(const Context& context);

// A place in lists of policies: by name, a built-in one before the account's own of that name.
std::string list_key(const Managed& managed);

tl::unexpected<Fault> no_such_policy(std::string_view arn);

// To how many users and roles each policy is attached; without those attached to none.
std::unordered_map<std::string, std::size_t> attachment_counts(const Context& context);

}  // namespace sallyport::api::identity
