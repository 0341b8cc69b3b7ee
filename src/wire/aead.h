#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

// AES-256-GCM (NIST SP 800-38D) with a 96-bit nonce and a 128-bit tag, from OpenSSL. Should OpenSSL itself fail (it
// does so only when memory is exhausted) the process aborts.
namespace sallyport::wire {

inline constexpr std::size_t kAeadKeyBytes = 32;
inline constexpr std::size_t kAeadNonceBytes = 12;
inline constexpr std::size_t kAeadTagBytes = 16;

using AeadKey = std::array<std::uint8_t, kAeadKeyBytes>;
using AeadNonce = std::array<std::uint8_t, kAeadNonceBytes>;

// Ciphertext and tag. A nonce must not be used twice with a key; `context` is not in the result and must be given
// again to open it.
std::string aead_seal(const AeadKey& key, const AeadNonce& nonce, std::string_view plain, std::string_view context);
// The plain text, or nothing where key, nonce, context or one bit of the text is another.
std::optional<std::string> aead_open(const AeadKey& key, const AeadNonce& nonce, std::string_view sealed,
                                     std::string_view context);

}  // namespace sallyport::wire
