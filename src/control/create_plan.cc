#include <algorithm>
#include <string>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"
#include "control/creator_entry.h"
#include "control/network.h"
#include "control/plans.h"
#include "policy/validate.h"

namespace sallyport::control {

namespace {

using base::ErrorKind;
using base::fail;
using model::Cidr;
using model::Cluster;

constexpr const char* kPoolTag = "sallyport.dev/pool";
constexpr const char* kLegacyTag = "sallyport.dev/public-resolves-private";
constexpr std::size_t kEndpointDigits = 32;

base::Result<std::string> version_of(const CreateClusterRequest& request, const Settings& settings) {
  std::string version = request.version.value_or(settings.default_kubernetes_version);
  if (model::is_kubernetes_version(version)) return version;
  return fail(ErrorKind::kInvalidParameter,
              "unsupported Kubernetes version '" + version + "'; name the API servers' minor version, 1.23 to 1.99",
              "version");
}

// Null where a provider will make the API servers.
base::Result<const model::Pool*> pool_of(const CreateClusterRequest& request, const model::Snapshot& world,
                                         const Settings& settings) {
  const auto tag = request.tags.find(kPoolTag);
  const model::PoolName wanted(tag != request.tags.end() ? tag->second : request.name.str());
  if (const model::Pool* pool = world.find_pool(wanted)) return pool;
  if (tag != request.tags.end()) {
    return fail(ErrorKind::kInvalidParameter,
                "The tag " + std::string(kPoolTag) + " names the pool '" + tag->second +
                    "', which is not configured; name a [[pool]] of the configuration",
                "tags");
  }
  if (settings.provider != nullptr) return nullptr;
  return fail(ErrorKind::kInvalidParameter,
              "No API servers for cluster " + request.name.str() + ": tag it " + kPoolTag +
                  "=<name of a configured pool>, configure a [[pool]] named '" + request.name.str() +
                  "', or a [provider] that makes API servers",
              "tags");
}

// AWS's rule: 10.100.0.0/16, unless the VPC is in 10.0.0.0/8.
std::string default_service_cidr(const model::Vpc& vpc) {
  const Cidr ten = *Cidr::parse("10.0.0.0/8");
  const bool in_ten = std::ranges::any_of(vpc.cidr_blocks, [&](const Cidr& block) { return ten.overlaps(block); });
  return in_ten ? "172.20.0.0/16" : "10.100.0.0/16";
}

base::Result<std::string> service_cidr_of(const CreateClusterRequest& request, const model::Vpc& vpc) {
  if (!request.service_ipv4_cidr) return default_service_cidr(vpc);
  const auto bad = [&](const std::string& why) {
    return fail(ErrorKind::kInvalidParameter, "serviceIpv4Cidr '" + *request.service_ipv4_cidr + "' " + why,
                "serviceIpv4Cidr");
  };
  const auto block = Cidr::parse(*request.service_ipv4_cidr);
  if (!block) return bad("is not usable: " + block.error().message);
  const bool is_private = std::ranges::any_of(std::to_array({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}),
                                              [&](const char* text) { return Cidr::parse(text)->contains(*block); });
  if (!is_private || block->prefix() < 12 || block->prefix() > 24) {
    return bad("must be a /24 to /12 block inside 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16");
  }
  for (const Cidr& taken : vpc.cidr_blocks) {
    if (taken.overlaps(*block)) {
      return bad("overlaps the block " + taken.to_string() + " of " + vpc.id.str() + "; choose another");
    }
  }
  return block->to_string();
}

base::Result<model::EndpointAccess> access_of(const CreateClusterRequest& request, const Settings& settings) {
  const bool ipv6 = std::ranges::any_of(settings.listeners, [](const model::Listener& listener) {
    return listener.side == model::Listener::Side::kPublic && !listener.advertise.address.is_v4();
  });
  return policy::access_at_creation({.public_access = request.endpoint_public_access,
                                     .private_access = request.endpoint_private_access,
                                     .public_access_cidrs = request.public_access_cidrs},
                                    {.refuse_reserved_cidrs = settings.refuse_reserved_cidrs, .public_ipv6 = ipv6});
}

// Legacy clusters are brought over with a tag, so that every client that can create a cluster can import one.
base::Result<bool> public_resolves_private(const CreateClusterRequest& request) {
  const auto tag = request.tags.find(kLegacyTag);
  if (tag == request.tags.end() || tag->second == "true") return true;
  if (tag->second == "false") return false;
  return fail(ErrorKind::kInvalidParameter,
              "The tag " + std::string(kLegacyTag) + " is '" + tag->second + "'; set it to true or false", "tags");
}

model::EndpointId new_endpoint_id(const State& state, base::Entropy& entropy) {
  for (;;) {
    model::EndpointId id(base::ascii_upper(base::random_hex(entropy, kEndpointDigits)));
    const model::Snapshot& world = state.world();
    if (world.find_host(model::endpoint_host(id, world.region, world.zone)) == nullptr) return id;
  }
}

base::Status check_room(const State& state, const CreateClusterRequest& request, const Settings& settings) {
  if (state.world().find_cluster(request.name) != nullptr) {
    return fail(ErrorKind::kInUse, "Cluster already exists with name: " + request.name.str(), "name");
  }
  const std::size_t limit = std::min(settings.max_clusters, base::limits::kClusters);
  if (state.names().size() >= limit) {
    return fail(ErrorKind::kLimitExceeded, "There are " + std::to_string(state.names().size()) +
                                               " clusters, the limit is " + std::to_string(limit) +
                                               "; delete one first");
  }
  if (request.tags.size() > base::limits::kTagsPerResource) {
    return fail(ErrorKind::kInvalidParameter,
                "tags has " + std::to_string(request.tags.size()) + " tags; at most " +
                    std::to_string(base::limits::kTagsPerResource) + " are allowed",
                "tags");
  }
  return {};
}

// Whoever creates a cluster is its administrator by an entry, unless they said otherwise; in CONFIG_MAP mode nobody but
// the creator gets in at all, so there it cannot be otherwise.
base::Result<std::optional<model::AccessEntry>> first_entry(const State& state, const Cluster& cluster,
                                                            const PlanContext& context) {
  const bool entries_count = cluster.authentication_mode != model::AuthenticationMode::kConfigMap;
  if (!cluster.bootstrap_creator_admin && !entries_count) {
    return fail(ErrorKind::kInvalidParameter,
                "bootstrapClusterCreatorAdminPermissions must be true if cluster authentication mode is set to "
                "CONFIG_MAP; set it to true, or authenticationMode to API or API_AND_CONFIG_MAP",
                "accessConfig.bootstrapClusterCreatorAdminPermissions");
  }
  if (!cluster.bootstrap_creator_admin || !entries_count) return std::nullopt;
  auto entry = creator_entry(cluster, state.identities(), context);
  if (!entry) {
    return fail(ErrorKind::kUnauthenticated,
                "The principal " + cluster.creator.str() + " was deleted while it called; call as one that exists");
  }
  return entry;
}

void take_options(Cluster& cluster, const CreateClusterRequest& request) {
  cluster.enabled_logs = request.enabled_logs.value_or(std::vector<model::LogType>{});
  std::ranges::sort(cluster.enabled_logs);
  const auto repeated = std::ranges::unique(cluster.enabled_logs);
  cluster.enabled_logs.erase(repeated.begin(), repeated.end());
  cluster.authentication_mode = request.authentication_mode.value_or(cluster.authentication_mode);
  cluster.bootstrap_creator_admin = request.bootstrap_creator_admin.value_or(cluster.bootstrap_creator_admin);
  cluster.deletion_protection = request.deletion_protection.value_or(cluster.deletion_protection);
  cluster.support_type = request.support_type.value_or(cluster.support_type);
  cluster.tags = request.tags;
  cluster.client_request_token = request.client_request_token;
  cluster.client_request_hash = request.request_hash;
}

}  // namespace

base::Result<Planned<Cluster>> plan_create(const State& state, const CreateClusterRequest& request,
                                           const PlanContext& context) {
  if (!request.client_request_token.empty()) {
    if (const Cluster* earlier = state.find_by_creation_token(request.client_request_token)) {
      if (earlier->client_request_hash == request.request_hash) return Planned<Cluster>{*earlier, std::nullopt};
      return fail(ErrorKind::kInvalidParameter,
                  "clientRequestToken was used before with other parameters, for cluster " + earlier->name.str() +
                      "; use a new token",
                  "clientRequestToken");
    }
  }
  const Settings& settings = context.settings;
  if (auto room = check_room(state, request, settings); !room) return fail(room.error());
  const model::Snapshot& world = state.world();
  auto version = version_of(request, settings);
  if (!version) return fail(version.error());
  auto vpc_id = policy::vpc_of_subnets(world, request.subnets);
  if (!vpc_id) return fail(vpc_id.error());
  if (auto groups = policy::check_security_groups(world, *vpc_id, request.security_groups); !groups) {
    return fail(groups.error());
  }
  const model::Vpc* vpc = world.find_vpc(*vpc_id);
  if (vpc == nullptr)
    return fail(ErrorKind::kInternal, "subnets name the VPC " + vpc_id->str() + ", which is not stored");
  auto access = access_of(request, settings);
  if (!access) return fail(access.error());
  auto service_cidr = service_cidr_of(request, *vpc);
  if (!service_cidr) return fail(service_cidr.error());
  const auto pool = pool_of(request, world, settings);
  if (!pool) return fail(pool.error());
  const auto resolves_private = public_resolves_private(request);
  if (!resolves_private) return fail(resolves_private.error());

  const model::SecurityGroup group = cluster_security_group(request.name, *vpc, context.entropy);
  Cluster cluster;
  cluster.name = request.name;
  cluster.endpoint_id = new_endpoint_id(state, context.entropy);
  cluster.arn = model::Arn("arn:aws:eks:" + settings.region.str() + ":" + settings.account.str() + ":cluster/" +
                           request.name.str());
  cluster.creator = context.caller.principal;
  cluster.creator_id = context.caller.principal_id;
  cluster.created_at = context.now;
  cluster.version = *std::move(version);
  cluster.platform_version = "eks.1";
  cluster.role_arn = request.role_arn;
  cluster.vpc_config = {.vpc = vpc->id,
                        .subnets = request.subnets,
                        .security_groups = request.security_groups,
                        .cluster_security_group = group.id};
  cluster.access = *std::move(access);
  if (cluster.access.private_access) cluster.hosted_zone = new_hosted_zone(vpc->id, context.now, context.entropy);
  cluster.public_resolves_private = *resolves_private;
  if (*pool == nullptr) {
    cluster.pool = model::own_pool(cluster.endpoint_id);
  } else {
    cluster.pool = (*pool)->name;
    cluster.certificate_authority_pem = (*pool)->ca_pem;
  }
  cluster.service_ipv4_cidr = *std::move(service_cidr);
  take_options(cluster, request);
  auto entry = first_entry(state, cluster, context);
  if (!entry) return fail(entry.error());

  store::Transaction transaction;
  transaction.puts.emplace_back(group);
  transaction.puts.emplace_back(cluster);
  if (*entry) transaction.puts.emplace_back(**std::move(entry));
  transaction.events.push_back(audit_event(context, "eks:CreateCluster", cluster.arn));
  return Planned<Cluster>{std::move(cluster), std::move(transaction)};
}

}  // namespace sallyport::control
