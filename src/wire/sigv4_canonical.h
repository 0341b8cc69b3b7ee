#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "wire/sigv4.h"
#include "wire/uri.h"

// The steps that signing and verifying share.
namespace sallyport::wire::sigv4 {

inline constexpr std::string_view kAlgorithm = "AWS4-HMAC-SHA256";
inline constexpr std::string_view kTerminator = "aws4_request";

// Every value of the header, trimmed, inner white space folded to one space, joined by ','.
std::string canonical_header_value(std::span<const Header> headers, std::string_view lower_name);

// Sorted by encoded name, then encoded value; X-Amz-Signature left out. `pairs` are decoded.
std::string canonical_query(const Pairs& pairs);

std::string canonical_request(const Request& request, const Pairs& query, std::span<const std::string> signed_headers,
                              std::string_view payload_hash);

struct Scope {
  std::string_view date;
  std::string_view region;
  std::string_view service;

  std::string to_string() const;  // "20261124/us-east-1/eks/aws4_request"
};

// Lower-case hexadecimal signature of a canonical request.
std::string signature_of(std::string_view canonical_request, base::Time time, const Scope& scope,
                         std::string_view secret);

std::string join(std::span<const std::string> parts, char separator);
std::string hex_sha256(std::string_view data);

}  // namespace sallyport::wire::sigv4
