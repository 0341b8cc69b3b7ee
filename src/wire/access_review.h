#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

// SubjectAccessReview of authorization.k8s.io, v1 and v1beta1, as an API server sends it and reads the answer. Pure.
namespace sallyport::wire {

struct ResourceAccess {
  std::string group;        // empty: the core group
  std::string resource;     // "pods"
  std::string subresource;  // "log"; empty for the resource itself
  std::string space;        // the namespace; empty: none, or all of them
  friend bool operator==(const ResourceAccess&, const ResourceAccess&) = default;
};

struct AccessReview {
  std::string api_version;  // the answer is in the same
  std::string user;
  std::map<std::string, std::vector<std::string>> extra;
  std::string verb;
  std::optional<ResourceAccess> resource;  // else the request is for a path
  std::string path;                        // "/healthz"
};

// Fields Kubernetes may add are passed over. kInvalidParameter names the field that is wrong.
base::Result<AccessReview> parse_access_review(std::string_view body);

// Allowed, or no opinion: never denied, so that the API server's next authorizer has its say.
std::string render_access_review(const std::string& api_version, bool allowed, std::string_view reason);

}  // namespace sallyport::wire
