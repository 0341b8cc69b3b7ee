#pragma once

#include <optional>
#include <string>

#include "base/time.h"
#include "iam/credentials.h"
#include "iam/seal.h"
#include "model/identity.h"

namespace sallyport::iam {

// The key of that id, of root, of a user, or of a session whose token comes with it; nothing when there is no such key
// at `now`. Root's key comes without a token.
std::optional<AccessKey> find_key(const CredentialStore& root_keys, const model::IdentityObjects& identities,
                                  const Sealer& sealer, const model::AccountId& account,
                                  const std::string& access_key_id, const std::optional<std::string>& token,
                                  base::Time now);

}  // namespace sallyport::iam
