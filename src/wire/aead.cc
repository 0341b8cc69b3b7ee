#include "wire/aead.h"

#include <openssl/evp.h>

#include <cstdlib>
#include <memory>

#include "base/bytes.h"

namespace sallyport::wire {

namespace {

using Context = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

void must(bool done) {
  if (!done) std::abort();
}

const std::uint8_t* bytes(std::string_view text) { return base::as_bytes(text).data(); }
// NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL's bytes are unsigned
std::uint8_t* bytes(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

Context begin(const AeadKey& key, const AeadNonce& nonce, bool sealing) {
  Context context(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free);
  must(context != nullptr);
  must(EVP_CipherInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, key.data(), nonce.data(), sealing ? 1 : 0) == 1);
  return context;
}

void add_context(EVP_CIPHER_CTX* cipher, std::string_view text) {
  int length = 0;
  if (!text.empty()) {
    must(EVP_CipherUpdate(cipher, nullptr, &length, bytes(text), static_cast<int>(text.size())) == 1);
  }
}

}  // namespace

std::string aead_seal(const AeadKey& key, const AeadNonce& nonce, std::string_view plain, std::string_view context) {
  const Context cipher = begin(key, nonce, true);
  add_context(cipher.get(), context);
  std::string sealed(plain.size() + kAeadTagBytes, '\0');
  int length = 0;
  if (!plain.empty()) {
    must(EVP_CipherUpdate(cipher.get(), bytes(sealed), &length, bytes(plain), static_cast<int>(plain.size())) == 1);
  }
  must(EVP_CipherFinal_ex(cipher.get(), bytes(sealed) + plain.size(), &length) == 1);
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_GET_TAG, kAeadTagBytes, bytes(sealed) + plain.size()) == 1);
  return sealed;
}

std::optional<std::string> aead_open(const AeadKey& key, const AeadNonce& nonce, std::string_view sealed,
                                     std::string_view context) {
  if (sealed.size() < kAeadTagBytes) return std::nullopt;
  const std::string_view text = sealed.substr(0, sealed.size() - kAeadTagBytes);
  std::string tag(sealed.substr(text.size()));
  const Context cipher = begin(key, nonce, false);
  add_context(cipher.get(), context);
  std::string plain(text.size(), '\0');
  int length = 0;
  if (!text.empty()) {
    must(EVP_CipherUpdate(cipher.get(), bytes(plain), &length, bytes(text), static_cast<int>(text.size())) == 1);
  }
  must(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_GCM_SET_TAG, kAeadTagBytes, tag.data()) == 1);
  if (EVP_CipherFinal_ex(cipher.get(), bytes(plain) + text.size(), &length) != 1) return std::nullopt;
  return plain;
}

}  // namespace sallyport::wire
