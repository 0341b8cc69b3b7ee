#include <algorithm>

#include "base/bytes.h"
#include "base/limits.h"
#include "wire/sigv4.h"
#include "wire/sigv4_canonical.h"

namespace sallyport::wire::sigv4 {

namespace {

constexpr std::string_view kWrongSignature =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details.";

tl::unexpected<Refusal> refuse(Cause cause, std::string message) {
  return tl::unexpected<Refusal>(Refusal{cause, std::move(message)});
}

Checked<void> check_time(const Authorization& authorization, base::Time now) {
  constexpr auto kSkew = base::limits::kSignatureClockSkew;
  const std::string signed_at = base::format_amz_date(authorization.signed_at);
  const std::string present = base::format_amz_date(now);
  if (authorization.signed_at > now + kSkew) {
    return refuse(Cause::kExpired, "Signature not yet current: " + signed_at + " is still later than " +
                                       base::format_amz_date(now + kSkew) + " (" + present + " + 5 min.)");
  }
  if (authorization.expires) {
    const base::Time end = authorization.signed_at + *authorization.expires;
    if (now > end) {
      return refuse(Cause::kExpired,
                    "Signature expired: " + base::format_amz_date(end) + " is now earlier than " + present + ".");
    }
  } else if (authorization.signed_at < now - kSkew) {
    return refuse(Cause::kExpired, "Signature expired: " + signed_at + " is now earlier than " +
                                       base::format_amz_date(now - kSkew) + " (" + present + " - 5 min.)");
  }
  return {};
}

// A stated payload hash, in whichever place, must be the body's own.
Checked<void> check_payload(const Request& request, const Pairs& query, std::string_view body_hash) {
  const auto check = [&](std::string_view stated) -> Checked<void> {
    if (stated == body_hash) return {};
    if (stated.starts_with("UNSIGNED-PAYLOAD") || stated.starts_with("STREAMING-")) {
      return refuse(Cause::kMismatch,
                    "x-amz-content-sha256 must be the SHA-256 of the body: this service takes neither "
                    "unsigned nor streaming payloads.");
    }
    return refuse(Cause::kMismatch, "x-amz-content-sha256 is not the SHA-256 of the body.");
  };
  for (const auto& [name, value] : request.headers) {
    if (!base::ascii_iequals(name, "x-amz-content-sha256")) continue;
    if (auto checked = check(value); !checked) return checked;
  }
  for (const auto& [name, value] : query) {
    if (name != "X-Amz-Content-Sha256") continue;
    if (auto checked = check(value); !checked) return checked;
  }
  return {};
}

}  // namespace

Checked<void> verify(const Request& request, const Authorization& authorization, std::string_view secret,
                     std::string_view region, base::Time now) {
  if (authorization.region != region) {
    return refuse(Cause::kMismatch,
                  "Credential should be scoped to a valid region; this one is '" + std::string(region) + "'.");
  }
  if (auto timed = check_time(authorization, now); !timed) return timed;

  const Pairs query = parse_pairs(split_target(request.target).query).value_or(Pairs{});
  const std::string body_hash = hex_sha256(request.body);
  if (auto payload = check_payload(request, query, body_hash); !payload) return payload;

  const std::string canonical = canonical_request(request, query, authorization.signed_headers, body_hash);
  const Scope scope{authorization.date, authorization.region, authorization.service};
  const std::string expected = signature_of(canonical, authorization.signed_at, scope, secret);
  if (!base::constant_time_equal(expected, authorization.signature)) {
    return refuse(Cause::kMismatch, std::string(kWrongSignature));
  }
  return {};
}

}  // namespace sallyport::wire::sigv4
