#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

// The two primitives of AWS Signature Version 4, from OpenSSL. They cannot fail on any input; should
// OpenSSL itself fail (it does so only when memory is exhausted) the process aborts rather than go on with
// a wrong digest.
namespace sallyport::wire {

using Digest = std::array<std::uint8_t, 32>;

Digest sha256(std::string_view data);                                          // FIPS 180-4
Digest hmac_sha256(std::span<const std::uint8_t> key, std::string_view data);  // RFC 2104

}  // namespace sallyport::wire
