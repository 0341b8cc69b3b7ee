#include "iam/seal.h"

#include <algorithm>

#include "base/bytes.h"
#include "iam/private_file.h"

namespace sallyport::iam {

namespace {

using base::ErrorKind;

base::Result<wire::AeadKey> parse(std::string_view text, const std::string& path) {
  while (text.ends_with('\n'))
    text.remove_suffix(1);
  const auto bytes = base::from_base64(text);
  if (!bytes || bytes->size() != wire::kAeadKeyBytes) {
    return base::fail(ErrorKind::kCorrupt, path + " does not hold 32 bytes in base64; put it back from a backup", path);
  }
  wire::AeadKey key{};
  std::ranges::copy(*bytes, key.begin());
  return key;
}

}  // namespace

std::string Sealer::seal(std::string_view plain, std::string_view purpose) const {
  wire::AeadNonce nonce{};
  entropy_.fill(nonce);
  std::string whole(base::as_text(nonce));
  whole += wire::aead_seal(key_, nonce, plain, purpose);
  return base::to_base64url(base::as_bytes(whole));
}

std::optional<std::string> Sealer::open(std::string_view sealed, std::string_view purpose) const {
  const auto bytes = base::from_base64url(sealed);
  if (!bytes || bytes->size() < wire::kAeadNonceBytes) return std::nullopt;
  wire::AeadNonce nonce{};
  std::copy_n(bytes->begin(), nonce.size(), nonce.begin());
  return wire::aead_open(key_, nonce, base::as_text(*bytes).substr(nonce.size()), purpose);
}

base::Result<wire::AeadKey> load_or_create_seal_key(const std::string& path, base::Entropy& entropy) {
  auto present = read_private_file(path);
  if (present) return parse(*present, path);
  if (present.error().kind != ErrorKind::kNotFound) return base::fail(present.error());
  wire::AeadKey key{};
  entropy.fill(key);
  const auto created =
      create_private_file(path, path + ".new-" + base::random_hex(entropy, 16), base::to_base64(key) + "\n");
  if (created) return key;
  if (created.error().kind != ErrorKind::kInUse) return base::fail(created.error());
  // Another process starting at the same time was first; its key is the one that counts.
  present = read_private_file(path);
  if (!present) return base::fail(present.error());
  return parse(*present, path);
}

}  // namespace sallyport::iam
