#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <tl/expected.hpp>

#include "base/result.h"
#include "base/time.h"

// AWS Signature Version 4 ("AWS4-HMAC-SHA256"), as the AWS General Reference describes it for services
// other than S3: the path is percent-encoded once more for signing, and the payload is always hashed.
// Pure: bytes and a time in, values out. A refusal never holds a secret or a computed signature.
namespace sallyport::wire::sigv4 {

using Header = std::pair<std::string, std::string>;

// A request to verify or to sign. Views; all must outlive the call.
struct Request {
  std::string_view method;
  std::string_view target;          // origin form as on the wire, undecoded
  std::span<const Header> headers;  // in order, names in any case
  std::string_view body;
};

enum class Cause {
  kMissing,        // the request carries no signature at all
  kIncomplete,     // it carries one that is malformed, contradictory or does not cover what it must
  kSecurityToken,  // it carries a session token more than once, or one that is too long
  kExpired,        // outside the time it is good for
  kMismatch,       // scope, payload hash or signature is wrong
};

struct Refusal {
  Cause cause = Cause::kMissing;
  std::string message;  // fit to show to the caller
};

template <class T>
using Checked = tl::expected<T, Refusal>;

// What a request says of its signature; nothing in it is proven until `verify` accepts it.
struct Authorization {
  std::string access_key_id;
  std::string date;  // "20261124", of the credential scope
  std::string region;
  std::string service;                      // "eks", "sts"
  std::vector<std::string> signed_headers;  // lower case, ascending, no duplicates
  std::string signature;                    // 64 lower-case hexadecimal digits
  base::Time signed_at{};
  std::optional<std::chrono::seconds> expires;  // presigned requests only, 0 s to 7 days
  std::optional<std::string> security_token;    // of temporary credentials, as sent
};

inline constexpr std::size_t kMaxAuthorizationBytes = 8 * 1024;
inline constexpr std::size_t kMaxAccessKeyIdBytes = 128;
inline constexpr std::size_t kMaxSecurityTokenBytes = 4 * 1024;

// Reads the Authorization header, or the X-Amz-* query parameters of a presigned request. Refuses, besides
// malformed values: both at once, either twice, a signature that does not cover Host, the date and every
// x-amz-* header, a session token more than once, and a path with empty, "." or ".." segments (signers disagree on how
// to sign those).
Checked<Authorization> read_authorization(const Request& request);

// Accepts only if the signature was made with `secret` over exactly this request, for `region`, and `now` is
// in its time: base::limits::kSignatureClockSkew to either side, or until X-Amz-Expires for a presigned one.
// x-amz-content-sha256, where given, must be the body's hash: unsigned and streaming payloads are refused.
// The signature is compared in constant time.
Checked<void> verify(const Request& request, const Authorization& authorization, std::string_view secret,
                     std::string_view region, base::Time now);

struct SigningKey {
  std::string_view access_key_id;
  std::string_view secret;
};

// The headers to add to a request that has its Host header already: X-Amz-Date and Authorization. Signs every
// header given. The request must have no signature yet.
std::vector<Header> sign(const Request& request, const SigningKey& key, base::Time time, std::string_view region,
                         std::string_view service);

}  // namespace sallyport::wire::sigv4
