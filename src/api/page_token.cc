#include "api/page_token.h"

#include <span>

#include "base/bytes.h"
#include "wire/crypto.h"

namespace sallyport::api {

namespace {

constexpr std::size_t kMacBytes = 16;
constexpr std::size_t kMaxTokenBytes = 4 * 1024;

std::string mac_of(std::string_view key, std::string_view purpose, std::string_view position) {
  // The length keeps ("ab", "c") and ("a", "bc") apart.
  std::string text = "sallyport page token " + std::to_string(purpose.size()) + ' ';
  text += purpose;
  text += position;
  const wire::Digest digest = wire::hmac_sha256(base::as_bytes(key), text);
  return std::string(base::as_text(std::span(digest).first<kMacBytes>()));
}

}  // namespace

std::string seal_page_token(std::string_view key, std::string_view purpose, std::string_view position) {
  return base::to_base64url(base::as_bytes(mac_of(key, purpose, position) + std::string(position)));
}

base::Result<std::string> open_page_token(std::string_view key, std::string_view purpose, std::string_view token) {
  const auto refused = [] {
    return base::fail(base::ErrorKind::kInvalidParameter,
                      "nextToken is not one that this operation gave; begin again without nextToken", "nextToken");
  };
  if (token.size() > kMaxTokenBytes) return refused();
  const auto bytes = base::from_base64url(token);
  if (!bytes || bytes->size() < kMacBytes) return refused();
  const std::string_view mac = base::as_text(std::span(*bytes).first<kMacBytes>());
  const std::string_view position = base::as_text(std::span(*bytes).subspan<kMacBytes>());
  if (!base::constant_time_equal(mac, mac_of(key, purpose, position))) return refused();
  return std::string(position);
}

}  // namespace sallyport::api
