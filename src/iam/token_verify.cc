#include "iam/token_verify.h"

#include <utility>

#include "base/limits.h"
#include "wire/eks_token.h"

namespace sallyport::iam {

namespace {

constexpr std::string_view kGlobalRegion = "us-east-1";  // of STS's global endpoint

tl::unexpected<TokenRefusal> refuse(TokenRefusal refusal) { return tl::unexpected<TokenRefusal>(refusal); }

TokenRefusal refusal_of(wire::EksTokenFault fault) {
  switch (fault) {
    case wire::EksTokenFault::kTooLong: return TokenRefusal::kTooLong;
    case wire::EksTokenFault::kPrefix:
    case wire::EksTokenFault::kEncoding:
    case wire::EksTokenFault::kUrl: return TokenRefusal::kFormat;
    case wire::EksTokenFault::kParameter: return TokenRefusal::kParameter;
    case wire::EksTokenFault::kAction: return TokenRefusal::kAction;
    case wire::EksTokenFault::kSignedHeaders: return TokenRefusal::kSignedHeaders;
    case wire::EksTokenFault::kExpires: return TokenRefusal::kExpires;
    case wire::EksTokenFault::kAuthorization: break;
  }
  return TokenRefusal::kCredential;
}

}  // namespace

tl::expected<Bearer, TokenRefusal> verify_token(std::string_view token, const TokenRules& rules) {
  namespace limits = base::limits;
  const auto read = wire::read_eks_token(token);
  if (!read) return refuse(refusal_of(read.error()));
  const wire::sigv4::Authorization& stated = read->authorization;
  if (!rules.hosts.admits(read->scheme, read->host)) return refuse(TokenRefusal::kHost);
  if (stated.service != "sts") return refuse(TokenRefusal::kCredential);
  if (stated.region != rules.region.str() && stated.region != kGlobalRegion) return refuse(TokenRefusal::kCredential);
  if (stated.signed_at > rules.now + limits::kSignatureClockSkew) return refuse(TokenRefusal::kNotYetValid);
  if (stated.signed_at + limits::kEksTokenTime < rules.now) return refuse(TokenRefusal::kExpired);

  auto key = rules.find_key(stated.access_key_id, stated.security_token);
  if (!key) return refuse(TokenRefusal::kUnknownKey);
  if (!wire::verify_eks_token(*read, rules.cluster.str(), key->secret, stated.region, rules.now)) {
    return refuse(TokenRefusal::kSignature);
  }
  return Bearer{std::move(key->principal), stated.access_key_id};
}

}  // namespace sallyport::iam
