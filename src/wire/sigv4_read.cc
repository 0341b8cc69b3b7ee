#include <algorithm>
#include <array>
#include <charconv>

#include "base/bytes.h"
#include "wire/sigv4.h"
#include "wire/sigv4_canonical.h"
#include "wire/sigv4_date.h"

namespace sallyport::wire::sigv4 {

namespace {

constexpr std::string_view kInvalidToken = "The security token included in the request is invalid.";
constexpr std::string_view kSignedByQuery = "X-Amz-Algorithm";
constexpr std::int64_t kMaxExpires = 604'800;

tl::unexpected<Refusal> refuse(std::string message, Cause cause = Cause::kIncomplete) {
  return tl::unexpected<Refusal>(Refusal{cause, std::move(message)});
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::size_t count_header(const Request& request, std::string_view name) {
  return static_cast<std::size_t>(std::ranges::count_if(
      request.headers, [&](const Header& header) { return base::ascii_iequals(header.first, name); }));
}

std::string_view header(const Request& request, std::string_view name) {
  for (const auto& [key, value] : request.headers) {
    if (base::ascii_iequals(key, name)) return trimmed(value);
  }
  return {};
}

// The three things both carriers state in the same words.
struct Stated {
  std::string_view credential;
  std::string_view signed_headers;
  std::string_view signature;
};

Checked<Stated> read_header_fields(std::string_view value) {
  if (value.size() > kMaxAuthorizationBytes) {
    return refuse("Authorization header is longer than " + std::to_string(kMaxAuthorizationBytes) + " bytes.");
  }
  if (!value.starts_with(kAlgorithm) || value.size() == kAlgorithm.size() || value[kAlgorithm.size()] != ' ') {
    return refuse("Authorization header must use the scheme AWS4-HMAC-SHA256.");
  }
  Stated stated;
  for (std::string_view piece : split(value.substr(kAlgorithm.size() + 1), ',')) {
    piece = trimmed(piece);
    const std::size_t equals = piece.find('=');
    if (equals == std::string_view::npos) {
      return refuse("Authorization header holds a part that is not a key=value pair (missing equal-sign).");
    }
    const std::string_view name = piece.substr(0, equals);
    std::string_view* field = name == "Credential"      ? &stated.credential
                              : name == "SignedHeaders" ? &stated.signed_headers
                              : name == "Signature"     ? &stated.signature
                                                        : nullptr;
    if (field == nullptr || !field->empty()) {
      return refuse("Authorization header must hold 'Credential', 'SignedHeaders' and 'Signature', each once.");
    }
    *field = piece.substr(equals + 1);
  }
  for (const auto& [name, field] : {std::pair{"Credential", stated.credential},
                                    {"SignedHeaders", stated.signed_headers},
                                    {"Signature", stated.signature}}) {
    if (field.empty()) return refuse(std::string("Authorization header requires '") + name + "' parameter.");
  }
  return stated;
}

Checked<Authorization> read_stated(const Stated& stated) {
  Authorization out;
  const std::vector<std::string_view> scope = split(stated.credential, '/');
  if (scope.size() != 5 || std::ranges::any_of(scope, &std::string_view::empty)) {
    return refuse(
        "Credential must have exactly 5 slash-delimited elements, "
        "ACCESS_KEY_ID/YYYYMMDD/REGION/SERVICE/aws4_request.");
  }
  if (scope[0].size() > kMaxAccessKeyIdBytes) {
    return refuse("Credential's access key id is longer than " + std::to_string(kMaxAccessKeyIdBytes) + " bytes.");
  }
  if (scope[4] != kTerminator) return refuse("Credential must end with 'aws4_request'.");
  out.access_key_id = scope[0];
  out.date = scope[1];
  out.region = scope[2];
  out.service = scope[3];

  for (const std::string_view name : split(stated.signed_headers, ';')) {
    if (name.empty() || name != base::ascii_lower(name) ||
        (!out.signed_headers.empty() && out.signed_headers.back() >= name)) {
      return refuse("SignedHeaders must be lower-case header names in ascending order, each once.");
    }
    out.signed_headers.emplace_back(name);
  }

  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  if (stated.signature.size() != 64 || !std::ranges::all_of(stated.signature, is_hex)) {
    return refuse("Signature must be 64 lower-case hexadecimal digits.");
  }
  out.signature = stated.signature;
  return out;
}

bool covers(const Authorization& authorization, std::string_view lower_name) {
  return std::ranges::binary_search(authorization.signed_headers, lower_name, {},
                                    [](const auto& name) { return std::string_view(name); });
}

Checked<void> check_coverage(const Request& request, const Authorization& authorization) {
  if (count_header(request, "host") != 1 || !covers(authorization, "host")) {
    return refuse("Host must be sent once and be one of SignedHeaders.");
  }
  for (const std::string& name : authorization.signed_headers) {
    if (count_header(request, name) == 0) return refuse("Signed header '" + name + "' is not in the request.");
  }
  for (const auto& [name, value] : request.headers) {
    const std::string lower = base::ascii_lower(name);
    if (lower.starts_with("x-amz-") && !covers(authorization, lower)) {
      return refuse("Header '" + lower + "' must be one of SignedHeaders.");
    }
  }
  return {};
}

Checked<void> check_path(std::string_view path) {
  if (!path.starts_with('/')) return refuse("The request target must be a path that begins with '/'.");
  const std::vector<std::string_view> segments = split(path.substr(1), '/');
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool last = i + 1 == segments.size();
    if ((segments[i].empty() && !last) || segments[i] == "." || segments[i] == "..") {
      return refuse("The request path must not hold empty, '.' or '..' segments.");
    }
  }
  return {};
}

Checked<void> set_time(Authorization& authorization, const base::Result<base::Time>& time, std::string_view source) {
  if (!time) return refuse(std::string(source) + " is not a date of the form 20261124T143000Z.");
  authorization.signed_at = *time;
  if (base::format_amz_date(*time).substr(0, 8) != authorization.date) {
    return refuse("Date in Credential scope does not match YYYYMMDD of " + std::string(source) + ".", Cause::kMismatch);
  }
  return {};
}

Checked<Authorization> read_from_header(const Request& request) {
  const auto stated = read_header_fields(header(request, "authorization"));
  if (!stated) return tl::unexpected(stated.error());
  auto authorization = read_stated(*stated);
  if (!authorization) return authorization;

  const bool amz = count_header(request, "x-amz-date") > 0;
  const std::string name = amz ? "x-amz-date" : "date";
  if (count_header(request, name) != 1 || !covers(*authorization, name)) {
    return refuse("Authorization header requires one signed 'X-Amz-Date' or 'Date' header.");
  }
  const std::string_view text = header(request, name);
  const auto timed = set_time(*authorization, amz ? base::parse_amz_date(text) : parse_date_header(text), name);
  if (!timed) return tl::unexpected(timed.error());
  return authorization;
}

Checked<Authorization> read_from_query(const Pairs& query) {
  constexpr std::array<std::string_view, 6> kRequired = {kSignedByQuery,  "X-Amz-Credential",    "X-Amz-Date",
                                                         "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature"};
  std::array<std::string_view, kRequired.size()> values;
  for (std::size_t i = 0; i < kRequired.size(); ++i) {
    const auto value = only_value(query, kRequired[i]);
    if (!value) return refuse("Query parameter '" + std::string(kRequired[i]) + "' must be given once.");
    if (value->size() > kMaxAuthorizationBytes) {
      return refuse("Query parameter '" + std::string(kRequired[i]) + "' is too long.");
    }
    values[i] = *value;
  }
  const auto& [algorithm, credential, date, expires, signed_headers, signature] = values;
  if (algorithm != kAlgorithm) return refuse("X-Amz-Algorithm must be AWS4-HMAC-SHA256.");
  auto authorization = read_stated({credential, signed_headers, signature});
  if (!authorization) return authorization;
  const auto timed = set_time(*authorization, base::parse_amz_date(date), "X-Amz-Date");
  if (!timed) return tl::unexpected(timed.error());

  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(expires.data(), expires.data() + expires.size(), seconds);
  if (error != std::errc{} || end != expires.data() + expires.size() || expires.starts_with('-') ||
      seconds > kMaxExpires) {
    return refuse("X-Amz-Expires must be a number of seconds from 0 to 604800.");
  }
  authorization->expires = std::chrono::seconds(seconds);
  return authorization;
}

// A presigned request carries its token in the query, another in the header, which check_coverage found signed.
Checked<void> read_token(const Request& request, const Pairs& query, bool presigned, Authorization& authorization) {
  const auto in_query = std::ranges::count_if(query, [](const auto& p) { return p.first == "X-Amz-Security-Token"; });
  const std::size_t in_header = count_header(request, "x-amz-security-token");
  if (in_query == 0 && in_header == 0) return {};
  std::string token;
  if (presigned && in_query == 1 && in_header == 0) {
    token = *only_value(query, "X-Amz-Security-Token");
  } else if (!presigned && in_query == 0 && in_header == 1) {
    token = header(request, "x-amz-security-token");
  }
  if (token.empty() || token.size() > kMaxSecurityTokenBytes) {
    return refuse(std::string(kInvalidToken), Cause::kSecurityToken);
  }
  authorization.security_token = std::move(token);
  return {};
}

}  // namespace

Checked<Authorization> read_authorization(const Request& request) {
  const Target target = split_target(request.target);
  const auto query = parse_pairs(target.query);
  const std::size_t headers = count_header(request, "authorization");
  if (!query) return refuse("The query string is not percent-encoded as RFC 3986 asks, or has too many parameters.");
  const auto names_signature = [](const auto& pair) {
    return pair.first == kSignedByQuery || pair.first == "X-Amz-Signature" || pair.first == "X-Amz-Credential";
  };
  const bool presigned = std::ranges::any_of(*query, names_signature);
  if (headers == 0 && !presigned) return refuse("Missing Authentication Token", Cause::kMissing);
  if (headers > 1 || (headers == 1 && presigned)) {
    return refuse("The request must be signed once, by one Authorization header or by its query parameters.");
  }

  auto authorization = presigned ? read_from_query(*query) : read_from_header(request);
  if (!authorization) return authorization;
  if (const auto path = check_path(target.path); !path) return tl::unexpected(path.error());
  if (const auto coverage = check_coverage(request, *authorization); !coverage) {
    return tl::unexpected(coverage.error());
  }
  if (const auto token = read_token(request, *query, presigned, *authorization); !token) {
    return tl::unexpected(token.error());
  }
  return authorization;
}

}  // namespace sallyport::wire::sigv4
