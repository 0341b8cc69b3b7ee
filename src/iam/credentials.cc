#include "iam/credentials.h"

#include <array>
#include <string_view>

#include "base/bytes.h"

namespace sallyport::iam {

void CredentialStore::put(AccessKey key) {
  const std::unique_lock lock(mutex_);
  std::string id = key.id;
  keys_.insert_or_assign(std::move(id), std::move(key));
}

std::optional<AccessKey> CredentialStore::find(const std::string& access_key_id) const {
  const std::shared_lock lock(mutex_);
  const auto found = keys_.find(access_key_id);
  if (found == keys_.end()) return std::nullopt;
  return found->second;
}

AccessKey make_access_key(base::Entropy& entropy, Principal principal) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::array<std::uint8_t, 16> id{};
  std::array<std::uint8_t, 30> secret{};
  entropy.fill(id);
  entropy.fill(secret);

  AccessKey key;
  key.id = "AKIA";
  for (const std::uint8_t byte : id)
    key.id.push_back(kAlphabet[byte % kAlphabet.size()]);
  key.secret = base::to_base64(secret);
  key.principal = std::move(principal);
  return key;
}

Principal root_principal(const model::AccountId& account) {
  return {.arn = model::Arn("arn:aws:iam::" + account.str() + ":root"),
          .user_id = account.str(),
          .account = account,
          .is_root = true};
}

}  // namespace sallyport::iam
