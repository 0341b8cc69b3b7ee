#include "api/authenticate.h"

#include <string_view>

#include "wire/sigv4.h"

namespace sallyport::api {

namespace {

namespace sigv4 = wire::sigv4;

constexpr std::string_view kGlobalRegion = "us-east-1";

constexpr ErrorText kUnknownKey{403, "UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure"};

constexpr ErrorText error_of(sigv4::Cause cause) {
  switch (cause) {
    case sigv4::Cause::kMissing:
      return {403, "MissingAuthenticationTokenException", "MissingAuthenticationToken", "MissingAuthenticationToken"};
    case sigv4::Cause::kIncomplete:
      return {400, "IncompleteSignatureException", "IncompleteSignature", "IncompleteSignature"};
    case sigv4::Cause::kSecurityToken: return kUnknownKey;
    case sigv4::Cause::kExpired: return {403, "InvalidSignatureException", "SignatureDoesNotMatch", "RequestExpired"};
    case sigv4::Cause::kMismatch: break;
  }
  return {403, "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure"};
}

bool is_global(std::string_view service) { return service == "iam" || service == "route53" || service == "sts"; }

tl::unexpected<AuthenticationFailure> refuse(Protocol protocol, const ErrorText& error, std::string message) {
  return tl::unexpected<AuthenticationFailure>(AuthenticationFailure{protocol, error, std::move(message)});
}

}  // namespace

tl::expected<Authenticated, AuthenticationFailure> authenticate(const HttpRequest& request, const KeyLookup& find_key,
                                                                const model::Region& region, base::Time now) {
  const sigv4::Request view{request.method, request.target, request.headers, request.body};
  const auto authorization = sigv4::read_authorization(view);
  if (!authorization) {
    return refuse(protocol_spoken(request), error_of(authorization.error().cause), authorization.error().message);
  }
  const Protocol protocol = protocol_of(authorization->service);
  const auto refuse_claim = [&](const ErrorText& error, std::string message) {
    return tl::unexpected<AuthenticationFailure>(AuthenticationFailure{
        protocol, error, std::move(message), authorization->service, authorization->access_key_id});
  };
  const auto key = find_key(authorization->access_key_id, authorization->security_token);
  if (!key) return refuse_claim(kUnknownKey, "The security token included in the request is invalid.");

  const bool global = is_global(authorization->service) && authorization->region == kGlobalRegion;
  const auto verified = sigv4::verify(view, *authorization, key->secret, global ? kGlobalRegion : region.str(), now);
  if (!verified) return refuse_claim(error_of(verified.error().cause), verified.error().message);
  return Authenticated{key->principal, authorization->service, authorization->access_key_id};
}

}  // namespace sallyport::api
