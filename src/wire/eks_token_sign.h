#pragma once

#include <string>
#include <string_view>

#include "base/time.h"

namespace sallyport::wire {

// What a token is made of. Views; all must outlive the call.
struct EksTokenRequest {
  std::string_view cluster;
  std::string_view region;
  std::string_view scheme;  // "https" or "http"
  std::string_view host;    // of STS: "sts.us-east-1.amazonaws.com", "127.0.0.1:8787"
  std::string_view access_key_id;
  std::string_view secret;
  std::string_view security_token;  // of temporary credentials; else empty
};

// How long the URL in a token says it is good; STS takes it for limits::kEksTokenTime.
inline constexpr base::Seconds kEksTokenUrlTime{60};

// The token that `aws eks get-token` makes of the same; `read_eks_token` and `verify_eks_token` accept it. Pure.
std::string sign_eks_token(const EksTokenRequest& request, base::Time now);

}  // namespace sallyport::wire
