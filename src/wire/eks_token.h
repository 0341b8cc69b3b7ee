#pragma once

#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/time.h"
#include "wire/sigv4.h"

// Tokens of `aws eks get-token` and aws-iam-authenticator: "k8s-aws-v1." and, in unpadded base64url, the URL of a
// presigned GET of STS's GetCallerIdentity whose signature covers the cluster's name in the header x-k8s-aws-id. Pure.
namespace sallyport::wire {

enum class EksTokenFault {
  kTooLong,        // past limits::kEksTokenBytes
  kPrefix,         // does not begin with "k8s-aws-v1."
  kEncoding,       // is no unpadded base64url
  kUrl,            // holds no http or https URL of a host with the path "/"
  kParameter,      // a query parameter that has no business there, twice, missing, or not written canonically
  kAction,         // asks for something else than GetCallerIdentity of 2011-06-15
  kSignedHeaders,  // signs other headers than host and x-k8s-aws-id
  kExpires,        // X-Amz-Expires is not 0 to 900 seconds
  kAuthorization,  // the credential, date or signature is malformed
};

// What a token says. Nothing in it is proven until `verify_eks_token` accepts it.
struct EksToken {
  std::string scheme;  // "https" or "http"
  std::string host;    // as signed, without the scheme's own port: "sts.us-east-1.amazonaws.com", "127.0.0.1:8787"
  std::string target;  // "/?Action=…"
  sigv4::Authorization authorization;
};

// Reads a token. Takes only the one spelling that clients write: there are no two tokens for one signature.
tl::expected<EksToken, EksTokenFault> read_eks_token(std::string_view token);

// Accepts only a token signed with `secret` for `cluster` and `region`, at most limits::kEksTokenTime ago, as STS does
// whatever X-Amz-Expires says, and at most limits::kSignatureClockSkew ahead of `now`.
sigv4::Checked<void> verify_eks_token(const EksToken& token, std::string_view cluster, std::string_view secret,
                                      std::string_view region, base::Time now);

// "sts.local" of "https" and "sts.local:443": clients sign a host so, whichever way its URL is written.
std::string_view without_default_port(std::string_view scheme, std::string_view host);

// The token of a URL. For what makes tokens; the URL is not looked at.
std::string write_eks_token(std::string_view url);

}  // namespace sallyport::wire
