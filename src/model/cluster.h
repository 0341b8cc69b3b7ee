#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ip_address.h"
#include "base/time.h"
#include "model/endpoint_access.h"
#include "model/ids.h"
#include "model/tags.h"

namespace sallyport::model {

enum class ClusterStatus { kCreating, kActive, kUpdating, kDeleting, kFailed };
enum class AuthenticationMode { kApi, kApiAndConfigMap, kConfigMap };
enum class LogType { kApi, kAudit, kAuthenticator, kControllerManager, kScheduler };

// One entry of the EKS `health.issues`. Codes are those of the service model.
struct HealthIssue {
  std::string code;     // "ConfigurationConflict", "Unreachable", …
  std::string message;  // what is wrong and what cures it
  std::vector<std::string> resource_ids;

  friend bool operator==(const HealthIssue&, const HealthIssue&) = default;
};

// Subnets and groups of a cluster, as last set by its owner.
struct VpcConfig {
  VpcId vpc;
  std::vector<SubnetId> subnets;
  std::vector<SecurityGroupId> security_groups;  // the owner's; not the cluster's own
  SecurityGroupId cluster_security_group;        // made with the cluster

  friend bool operator==(const VpcConfig&, const VpcConfig&) = default;
};

// The private hosted zone made on the owner's behalf while private access is on. Its name is the endpoint's,
// its records are the private addresses that `resolve` answers with. No user API shows it.
struct HostedZone {
  HostedZoneId id;
  VpcId vpc;  // the VPC it is associated with
  base::Time created_at{};

  friend bool operator==(const HostedZone&, const HostedZone&) = default;
};

struct Cluster {
  ClusterName name;
  EndpointId endpoint_id;
  Arn arn;
  Arn creator;             // principal that created it: a user, root, or the session of a role
  std::string creator_id;  // of that user or role: "AIDA…", "AROA…"; empty for root
  base::Time created_at{};
  ClusterStatus status = ClusterStatus::kCreating;

  std::string version;           // "1.34"
  std::string platform_version;  // "eks.1"
  Arn role_arn;
  VpcConfig vpc_config;
  EndpointAccess access;
  std::optional<HostedZone> hosted_zone;  // set exactly while access.private_access is
  // False only for imported legacy clusters whose private-only endpoint has no public DNS answer;
  // becomes true, for good, once public access was enabled and then disabled.
  bool public_resolves_private = true;
  bool deletion_protection = false;
  std::vector<LogType> enabled_logs;  // sorted, no duplicates
  Tags tags;

  PoolName pool;                             // where its API servers are; own_pool() where a provider makes them
  std::vector<base::SocketAddress> servers;  // that a provider made; empty until then, and where a pool is configured
  std::string certificate_authority_pem;
  std::vector<HealthIssue> health_issues;

  std::string service_ipv4_cidr;  // kubernetesNetworkConfig
  std::string ip_family = "ipv4";
  AuthenticationMode authentication_mode = AuthenticationMode::kApiAndConfigMap;
  bool bootstrap_creator_admin = true;
  std::string support_type = "EXTENDED";  // upgradePolicy

  std::string client_request_token;  // of its creation; empty when none was given
  std::string client_request_hash;   // of the creating request, to tell a retry from a clash

  friend bool operator==(const Cluster&, const Cluster&) = default;
};

std::string_view to_string(ClusterStatus status);  // "ACTIVE"
std::optional<ClusterStatus> parse_cluster_status(std::string_view text);
std::string_view to_string(AuthenticationMode mode);  // "API_AND_CONFIG_MAP"
std::optional<AuthenticationMode> parse_authentication_mode(std::string_view text);
std::string_view to_string(LogType type);  // "controllerManager"
std::optional<LogType> parse_log_type(std::string_view text);

// The pool of a cluster whose API servers a provider makes. No configured pool has such a name.
PoolName own_pool(const EndpointId& id);
// Whether a provider makes the cluster's API servers.
bool is_provided(const Cluster& cluster);

// "1.23" to "1.99": a minor version some API server may have; which one it has is the operator's to say.
bool is_kubernetes_version(std::string_view text);
inline constexpr std::string_view kDefaultKubernetesVersion = "1.34";

// "<32 lower-case hex>.gr1.<region>.eks.<zone>": the name DNS and SNI are matched with, ignoring case.
std::string endpoint_host_key(const EndpointId& id, const Region& region, std::string_view zone);
// The same with the id's digits in upper case, as clients see it.
std::string endpoint_host(const EndpointId& id, const Region& region, std::string_view zone);

}  // namespace sallyport::model
