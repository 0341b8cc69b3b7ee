#include "model/cluster.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"

namespace sallyport::model {

namespace {

template <class E, std::size_t N>
using Names = std::array<std::pair<E, std::string_view>, N>;

constexpr Names<ClusterStatus, 5> kStatuses = {{{ClusterStatus::kCreating, "CREATING"},
                                                {ClusterStatus::kActive, "ACTIVE"},
                                                {ClusterStatus::kUpdating, "UPDATING"},
                                                {ClusterStatus::kDeleting, "DELETING"},
                                                {ClusterStatus::kFailed, "FAILED"}}};
constexpr Names<AuthenticationMode, 3> kModes = {{{AuthenticationMode::kApi, "API"},
                                                  {AuthenticationMode::kApiAndConfigMap, "API_AND_CONFIG_MAP"},
                                                  {AuthenticationMode::kConfigMap, "CONFIG_MAP"}}};
constexpr Names<LogType, 5> kLogTypes = {{{LogType::kApi, "api"},
                                          {LogType::kAudit, "audit"},
                                          {LogType::kAuthenticator, "authenticator"},
                                          {LogType::kControllerManager, "controllerManager"},
                                          {LogType::kScheduler, "scheduler"}}};

template <class E, std::size_t N>
std::string_view name_of(const Names<E, N>& names, E value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) return name;
  }
  return {};
}

template <class E, std::size_t N>
std::optional<E> value_of(const Names<E, N>& names, std::string_view text) {
  for (const auto& [value, name] : names) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(ClusterStatus status) { return name_of(kStatuses, status); }
std::optional<ClusterStatus> parse_cluster_status(std::string_view text) { return value_of(kStatuses, text); }
std::string_view to_string(AuthenticationMode mode) { return name_of(kModes, mode); }
std::optional<AuthenticationMode> parse_authentication_mode(std::string_view text) { return value_of(kModes, text); }
std::string_view to_string(LogType type) { return name_of(kLogTypes, type); }
std::optional<LogType> parse_log_type(std::string_view text) { return value_of(kLogTypes, text); }

PoolName own_pool(const EndpointId& id) { return PoolName("provider/" + id.str()); }
bool is_provided(const Cluster& cluster) { return cluster.pool == own_pool(cluster.endpoint_id); }

bool is_kubernetes_version(std::string_view text) {
  constexpr std::string_view kMajor = "1.";
  if (text.size() != kMajor.size() + 2 || !text.starts_with(kMajor)) return false;
  const std::string_view minor = text.substr(kMajor.size());
  return minor >= "23" && std::ranges::all_of(minor, [](char c) { return c >= '0' && c <= '9'; });
}

std::string endpoint_host_key(const EndpointId& id, const Region& region, std::string_view zone) {
  return base::ascii_lower(endpoint_host(id, region, zone));
}

std::string endpoint_host(const EndpointId& id, const Region& region, std::string_view zone) {
  return id.str() + ".gr1." + region.str() + ".eks." + std::string(zone);
}

}  // namespace sallyport::model
