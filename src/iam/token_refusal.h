#pragma once

#include <cstdint>
#include <string_view>

namespace sallyport::iam {

// Why a token makes nobody of its bearer.
enum class TokenRefusal : std::uint8_t {
  kTooLong,
  kFormat,         // no token of this kind, or no URL in it
  kHost,           // presigned for a host that is neither STS nor this API
  kParameter,      // of the query: unknown, twice, missing, oddly written
  kAction,         // no GetCallerIdentity
  kSignedHeaders,  // other than host and x-k8s-aws-id
  kExpires,        // X-Amz-Expires out of range
  kCredential,     // credential, date or signature malformed, or of another service or region
  kNotYetValid,    // signed in the future
  kExpired,        // signed too long ago
  kUnknownKey,     // no such key now: never made, deleted, inactive, or its session or role has ended
  kSignature,      // forged, or made for another cluster
  kNoEntry,        // nobody the cluster has an access entry for
  kOtherEntry,     // the entry is of an earlier principal of the same name
  kNodeEntry,      // the entry is of a type for nodes, of which there are none
};
inline constexpr TokenRefusal kLastTokenRefusal = TokenRefusal::kNodeEntry;

std::string_view reason_of(TokenRefusal refusal);   // a metric's label: "unknown_key"
std::string_view message_of(TokenRefusal refusal);  // fit for the API server's log

}  // namespace sallyport::iam
