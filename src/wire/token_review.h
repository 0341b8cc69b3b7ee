#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

// TokenReview of authentication.k8s.io, v1 and v1beta1, as an API server sends it and reads the answer. Pure.
namespace sallyport::wire {

struct TokenReview {
  std::string api_version;  // the answer is in the same
  std::string token;        // secret; may be empty
};

// Who a token stands for, in Kubernetes.
struct KubernetesUser {
  std::string username;
  std::string uid;
  std::vector<std::string> groups;
  std::vector<std::pair<std::string, std::string>> extra;  // one value a name
  friend bool operator==(const KubernetesUser&, const KubernetesUser&) = default;
};

// Fields Kubernetes may add are passed over, as Kubernetes itself does. kInvalidParameter names what is wrong, and no
// value of it: it may be the token.
base::Result<TokenReview> parse_token_review(std::string_view body);

// The answer for a user, or for nobody, with why.
std::string render_token_review(const std::string& api_version, const KubernetesUser& user);
std::string render_token_refusal(const std::string& api_version, std::string_view why);

}  // namespace sallyport::wire
