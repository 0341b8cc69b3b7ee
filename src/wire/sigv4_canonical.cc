#include "wire/sigv4_canonical.h"

#include <algorithm>

#include "base/bytes.h"
#include "wire/crypto.h"

namespace sallyport::wire::sigv4 {

namespace {

constexpr std::string_view kSignatureParameter = "X-Amz-Signature";

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f'; }

void append_folded(std::string& out, std::string_view value) {
  bool between_words = false;
  bool first = true;
  for (const char c : value) {
    if (is_space(c)) {
      between_words = true;
      continue;
    }
    if (between_words && !first) out.push_back(' ');
    between_words = false;
    first = false;
    out.push_back(c);
  }
}

}  // namespace

std::string join(std::span<const std::string> parts, char separator) {
  std::string out;
  for (const std::string& part : parts) {
    if (&part != parts.data()) out.push_back(separator);
    out += part;
  }
  return out;
}

std::string hex_sha256(std::string_view data) { return base::to_hex(sha256(data)); }

std::string canonical_header_value(std::span<const Header> headers, std::string_view lower_name) {
  std::string out;
  bool first = true;
  for (const auto& [name, value] : headers) {
    if (!base::ascii_iequals(name, lower_name)) continue;
    if (!first) out.push_back(',');
    first = false;
    append_folded(out, value);
  }
  return out;
}

std::string canonical_query(const Pairs& pairs) {
  Pairs encoded;
  encoded.reserve(pairs.size());
  for (const auto& [name, value] : pairs) {
    if (name != kSignatureParameter) encoded.emplace_back(percent_encode(name), percent_encode(value));
  }
  std::ranges::sort(encoded);
  std::string out;
  for (const auto& [name, value] : encoded) {
    if (!out.empty()) out.push_back('&');
    out += name;
    out += '=';
    out += value;
  }
  return out;
}

std::string canonical_request(const Request& request, const Pairs& query, std::span<const std::string> signed_headers,
                              std::string_view payload_hash) {
  std::string out(request.method);
  out += '\n';
  const std::string path = percent_encode(split_target(request.target).path, true);
  out += path.empty() ? "/" : path;
  out += '\n';
  out += canonical_query(query);
  out += '\n';
  for (const std::string& name : signed_headers) {
    out += name + ':' + canonical_header_value(request.headers, name) + '\n';
  }
  out += '\n';
  out += join(signed_headers, ';');
  out += '\n';
  out += payload_hash;
  return out;
}

std::string Scope::to_string() const {
  std::string out(date);
  for (const std::string_view part : {region, service, kTerminator}) {
    out += '/';
    out += part;
  }
  return out;
}

std::string signature_of(std::string_view canonical_request, base::Time time, const Scope& scope,
                         std::string_view secret) {
  std::string to_sign(kAlgorithm);
  to_sign += '\n' + base::format_amz_date(time) + '\n' + scope.to_string() + '\n' + hex_sha256(canonical_request);

  const std::string seed = "AWS4" + std::string(secret);
  Digest key = hmac_sha256(base::as_bytes(seed), scope.date);
  for (const std::string_view part : {scope.region, scope.service, kTerminator})
    key = hmac_sha256(key, part);
  return base::to_hex(hmac_sha256(key, to_sign));
}

}  // namespace sallyport::wire::sigv4
