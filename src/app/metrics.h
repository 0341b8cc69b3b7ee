#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "api/audit/file_audit_log.h"
#include "api/http_server.h"
#include "api/service.h"
#include "api/webhook_service.h"
#include "api/workplace/terminal_gate.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "dns/dns_server.h"
#include "gateway/gateway.h"
#include "policy/hosted_zones.h"

namespace sallyport::app {

// What every room counts, read at one scrape. Parts that are not configured are absent.
struct Readings {
  base::Time started_at{};
  control::Status control;
  std::size_t clusters_without_pool = 0;
  policy::ZoneCounts zones;
  std::optional<gateway::GatewayStats> gateway;
  std::map<model::PoolName, std::vector<gateway::ServerHealth>> health;
  std::optional<dns::DnsStats> dns;
  api::ApiStats api;
  std::map<std::string, api::HttpStats> http;  // by server: "api", "admin", "metrics", "webhooks"
  std::optional<api::WebhookStats> webhooks{};
  std::optional<api::workplace::GateStats> terminals{};
  api::audit::AuditStats audit;
};

inline constexpr const char* kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

// Prometheus text exposition format 0.0.4. Every name begins with "sallyport_". Pure.
std::string metrics_text(const Readings& readings);

}  // namespace sallyport::app
