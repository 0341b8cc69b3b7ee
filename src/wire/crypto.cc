#include "wire/crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <cstdlib>

#include "base/bytes.h"

namespace sallyport::wire {

Digest sha256(std::string_view data) {
  Digest digest{};
  if (EVP_Digest(data.data(), data.size(), digest.data(), nullptr, EVP_sha256(), nullptr) != 1) std::abort();
  return digest;
}

Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view data) {
  // HMAC() takes a null key for "the key of the last call", so an empty key still needs an address.
  static constexpr std::uint8_t kNothing = 0;
  Digest digest{};
  const void* key_data = key.empty() ? &kNothing : key.data();
  if (HMAC(EVP_sha256(), key_data, static_cast<int>(key.size()), base::as_bytes(data).data(), data.size(),
           digest.data(), nullptr) == nullptr) {
    std::abort();
  }
  return digest;
}

}  // namespace sallyport::wire
