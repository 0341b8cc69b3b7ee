#include "iam/token_refusal.h"

namespace sallyport::iam {

std::string_view reason_of(TokenRefusal refusal) {
  switch (refusal) {
    case TokenRefusal::kTooLong: return "too_long";
    case TokenRefusal::kFormat: return "format";
    case TokenRefusal::kHost: return "host";
    case TokenRefusal::kParameter: return "parameter";
    case TokenRefusal::kAction: return "action";
    case TokenRefusal::kSignedHeaders: return "signed_headers";
    case TokenRefusal::kExpires: return "expires";
    case TokenRefusal::kCredential: return "credential";
    case TokenRefusal::kNotYetValid: return "not_yet_valid";
    case TokenRefusal::kExpired: return "expired";
    case TokenRefusal::kUnknownKey: return "unknown_key";
    case TokenRefusal::kSignature: return "signature";
    case TokenRefusal::kNoEntry: return "no_entry";
    case TokenRefusal::kOtherEntry: return "other_entry";
    case TokenRefusal::kNodeEntry: return "node_entry";
  }
  return "unknown";
}

std::string_view message_of(TokenRefusal refusal) {
  switch (refusal) {
    case TokenRefusal::kTooLong: return "the token is longer than 4096 bytes";
    case TokenRefusal::kFormat: return "the token is not one of aws eks get-token";
    case TokenRefusal::kHost:
      return "the token is presigned for a host that is neither STS nor Sallyport's API; add the API's URL to "
             "[webhooks] token_origins";
    case TokenRefusal::kParameter: return "the token's URL has a query parameter too many, too few, or twice";
    case TokenRefusal::kAction: return "the token's URL does not ask for GetCallerIdentity of version 2011-06-15";
    case TokenRefusal::kSignedHeaders: return "the token must sign the headers host and x-k8s-aws-id, and no other";
    case TokenRefusal::kExpires: return "the token's X-Amz-Expires is not 0 to 900 seconds";
    case TokenRefusal::kCredential: return "the token's credential is malformed, or of another service or region";
    case TokenRefusal::kNotYetValid: return "the token was signed in the future; set the client's clock";
    case TokenRefusal::kExpired: return "the token was signed more than 15 minutes ago; get a new one";
    case TokenRefusal::kUnknownKey: return "the token's access key is unknown, inactive or has expired";
    case TokenRefusal::kSignature: return "the token's signature is wrong, or for another cluster";
    case TokenRefusal::kNoEntry: return "the caller has no access entry in this cluster";
    case TokenRefusal::kOtherEntry:
      return "the access entry is of an earlier principal of this name; delete it and create it again";
    case TokenRefusal::kNodeEntry: return "the access entry is of a type for EC2 instances, of which there are none";
  }
  return "the token is refused";
}

}  // namespace sallyport::iam
