#include "iam/find_key.h"

#include "iam/principals.h"
#include "iam/session.h"

namespace sallyport::iam {

std::optional<AccessKey> find_key(const CredentialStore& root_keys, const model::IdentityObjects& identities,
                                  const Sealer& sealer, const model::AccountId& account,
                                  const std::string& access_key_id, const std::optional<std::string>& token,
                                  base::Time now) {
  if (auto root = root_keys.find(access_key_id)) return token ? std::nullopt : root;
  return token ? find_session_key(root_keys, identities, sealer, account, access_key_id, *token, now)
               : find_user_key(identities, sealer, account, access_key_id);
}

}  // namespace sallyport::iam
