#include "api/identity/operation.h"

#include <algorithm>

#include "wire/json_value.h"

namespace sallyport::api::identity {

const Entry* find_operation(std::string_view name) {
  for (const std::span<const Entry> entries :
       {user_operations(), access_key_operations(), role_operations(), policy_operations(), policy_list_operations(),
        policy_version_operations(), attachment_operations(), inline_policy_operations(), tag_operations(),
        account_operations(), empty_list_operations()}) {
    const auto found = std::ranges::find(entries, name, &Entry::name);
    if (found != entries.end()) return &*found;
  }
  return nullptr;
}

IamResult<Outcome> run(const Entry& entry, const Context& context) {
  auto outcome = entry.run(context);
  if (!outcome) return outcome;
  // AWS passes over them; here a misspelt or unserved setting must not pass for one that is in force, nor a name that
  // the operation does not look at mislead whoever decides whether it may run.
  if (const auto name = context.params.unknown()) {
    return fault(std::string(kParamCodes.invalid), "The parameter " + wire::shortened(*name) +
                                                       " is none that Sallyport takes with " + std::string(entry.name) +
                                                       "; leave it out.");
  }
  return outcome;
}

}  // namespace sallyport::api::identity
