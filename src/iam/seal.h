#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/entropy.h"
#include "base/result.h"
#include "wire/aead.h"

namespace sallyport::iam {

// Keeps secrets at rest, and what clients carry and must not read or change, under the installation's key (AES-256-GCM
// with a random nonce). Each text is bound to a purpose: what was sealed for one opens for no other. Thread-safe.
class Sealer {
 public:
  Sealer(const wire::AeadKey& key, base::Entropy& entropy) : key_(key), entropy_(entropy) {}

  std::string seal(std::string_view plain, std::string_view purpose) const;  // base64url
  std::optional<std::string> open(std::string_view sealed, std::string_view purpose) const;

 private:
  const wire::AeadKey key_;
  base::Entropy& entropy_;
};

// DATA_DIR/secrets.key: 32 random bytes in base64, mode 0600, owned by this user: read if it is there, else written
// with a new key. Refuses a file that others can read, naming the chmod that cures it. Whoever loses it loses the
// secrets of every access key; it belongs in the backup, apart from the store.
base::Result<wire::AeadKey> load_or_create_seal_key(const std::string& path, base::Entropy& entropy);

}  // namespace sallyport::iam
