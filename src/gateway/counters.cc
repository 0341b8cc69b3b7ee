#include "gateway/counters.h"

#include <string>

namespace sallyport::gateway {

std::string_view to_string(Refusal refusal) {
  switch (refusal) {
    case Refusal::kNotAdmittedAnywhere: return "not-admitted-anywhere";
    case Refusal::kBadProxyHeader: return "bad-proxy-header";
    case Refusal::kMalformedClientHello: return "malformed-client-hello";
    case Refusal::kClientHelloTimeout: return "client-hello-timeout";
    case Refusal::kNoSni: return "no-sni";
    case Refusal::kUnknownSni: return "unknown-sni";
    case Refusal::kNoSnapshot: return "no-snapshot";
    case Refusal::kClusterNotServing: return policy::to_string(policy::Reason::kClusterNotServing);
    case Refusal::kPublicAccessDisabled: return policy::to_string(policy::Reason::kPublicAccessDisabled);
    case Refusal::kNoPublicCidrMatch: return policy::to_string(policy::Reason::kNoPublicCidrMatch);
    case Refusal::kPrivateAccessDisabled: return policy::to_string(policy::Reason::kPrivateAccessDisabled);
    case Refusal::kForeignVpc: return policy::to_string(policy::Reason::kForeignVpc);
    case Refusal::kNotConnected: return policy::to_string(policy::Reason::kNotConnected);
    case Refusal::kNoSecurityGroupMatch: return policy::to_string(policy::Reason::kNoSecurityGroupMatch);
    case Refusal::kCount: break;
  }
  return "unknown";
}

Refusal refusal_of(policy::Reason reason) {
  switch (reason) {
    case policy::Reason::kPublicAccessDisabled: return Refusal::kPublicAccessDisabled;
    case policy::Reason::kNoPublicCidrMatch: return Refusal::kNoPublicCidrMatch;
    case policy::Reason::kPrivateAccessDisabled: return Refusal::kPrivateAccessDisabled;
    case policy::Reason::kForeignVpc: return Refusal::kForeignVpc;
    case policy::Reason::kNotConnected: return Refusal::kNotConnected;
    case policy::Reason::kNoSecurityGroupMatch: return Refusal::kNoSecurityGroupMatch;
    case policy::Reason::kClusterNotServing:
    case policy::Reason::kPublicCidrMatch:
    case policy::Reason::kSecurityGroupMatch: break;
  }
  return Refusal::kClusterNotServing;
}

void Counters::add_to(GatewayStats& stats) const {
  stats.accepted += accepted.load(std::memory_order_relaxed);
  stats.relayed += relayed.load(std::memory_order_relaxed);
  stats.active += active.load(std::memory_order_relaxed);
  stats.bytes_to_upstream += bytes_to_upstream.load(std::memory_order_relaxed);
  stats.bytes_to_client += bytes_to_client.load(std::memory_order_relaxed);
  stats.cut += cut.load(std::memory_order_relaxed);
  stats.refused_overload += refused_overload.load(std::memory_order_relaxed);
  stats.upstream_failures += upstream_failures.load(std::memory_order_relaxed);
  stats.upstream_races += upstream_races.load(std::memory_order_relaxed);
  stats.traffic_clusters += traffic_clusters.load(std::memory_order_relaxed);
  stats.traffic_untracked += traffic_untracked.load(std::memory_order_relaxed);
  stats.traffic_sources_replaced += traffic_sources_replaced.load(std::memory_order_relaxed);
  for (std::size_t i = 0; i < denied.size(); ++i) {
    stats.denied[std::string(to_string(static_cast<Refusal>(i)))] += denied[i].load(std::memory_order_relaxed);
  }
}

}  // namespace sallyport::gateway
