#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "model/identity.h"
#include "model/ids.h"

// Whom an access entry may be for. Pure; any thread.
namespace sallyport::iam {

struct EntryPrincipal {
  enum class Kind { kRoot, kUser, kRole };
  Kind kind = Kind::kRoot;
  model::Arn arn;
  std::string id;    // "AIDA…", "AROA…"; empty for root
  std::string name;  // "root" for root
  std::string path;  // "/" for root

  friend bool operator==(const EntryPrincipal&, const EntryPrincipal&) = default;
};

// The user, the role or the root of `account` that has this ARN now. kInvalidParameter for anything else: whoever is
// named must exist, or an entry would wait for somebody unknown to be made.
base::Result<EntryPrincipal> find_entry_principal(const model::IdentityObjects& identities,
                                                  const model::AccountId& account, const model::Arn& arn);

// The one of that id, root for the empty one; nothing when it is gone.
std::optional<EntryPrincipal> entry_principal_of_id(const model::IdentityObjects& identities,
                                                    const model::AccountId& account, std::string_view id);

}  // namespace sallyport::iam
