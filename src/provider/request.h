#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "model/ids.h"
#include "provider/kubernetes_version.h"

// The provider protocol, version 1 (docs/provider.md): one JSON object in, one out. Pure.
namespace sallyport::provider {

inline constexpr std::string_view kProtocolVersion = "sallyport.dev/provider/v1";

// Where the API server asks who a bearer token is and what that user may do.
struct Webhooks {
  std::string authentication;  // https URLs
  std::string authorization;
  std::string ca_pem;
  std::string bearer_token;  // a secret: what the API server shows there

  friend bool operator==(const Webhooks&, const Webhooks&) = default;
};

struct CreateRequest {
  model::EndpointId id;
  model::ClusterName cluster;
  std::string endpoint;  // DNS name
  KubernetesVersion version;
  std::string service_cidr;       // IPv4, /12 to /24
  std::vector<std::string> sans;  // DNS names and IP addresses; sorted, no duplicates
  std::optional<Webhooks> webhooks;
};

struct DeleteRequest {
  model::EndpointId id;
  model::ClusterName cluster;
};

using Request = std::variant<CreateRequest, DeleteRequest>;

// Fails with kCorrupt or kInvalidParameter, naming the member, its value and the remedy. Members it does not know
// are ignored, so that a later minor addition to the protocol does not break this provider.
base::Result<Request> parse_request(std::string_view text);

std::string render_created(const std::vector<std::string>& servers, std::string_view ca_pem);
std::string render_deleted();
std::string render_failure(const base::Error& error);

}  // namespace sallyport::provider
