#include "app/metrics.h"

#include "app/metric_families.h"
#include "app/version.h"

namespace sallyport::app {

namespace {

void add_control(Families& families, const control::Status& status) {
  families.gauge("revision_stored", "Revision of the last commit to the store").add(status.stored.value());
  {
    Family acknowledged = families.gauge("node_revision_acknowledged", "Last revision a node enforces");
    for (const auto& node : status.nodes)
      acknowledged.add(node.acknowledged.value(), {{"node", node.name}});
  }
  {
    Family failing = families.gauge("node_failing", "1 while a node cannot enforce what it was given");
    for (const auto& node : status.nodes)
      failing.add(node.error ? 1 : 0, {{"node", node.name}});
  }
  families.gauge("clusters", "Clusters in the store").add(status.clusters);
  families.gauge("updates_in_flight", "Updates that are neither successful nor failed").add(status.updates_in_flight);
  families.counter("updates_total", "Updates that ended since start, by status")
      .add(status.updates_successful, {{"status", "Successful"}})
      .add(status.updates_failed, {{"status", "Failed"}});
  families.counter("updates_connections_cut_total", "Connections cut by updates since start")
      .add(status.connections_cut);
}

void add_gateway(Families& families, const gateway::GatewayStats& stats) {
  families.gauge("gateway_connections_active", "Live connections in every phase").add(stats.active);
  families.gauge("gateway_connections_inherited", "Connections that go on in earlier processes, subject to this one")
      .add(stats.inherited);
  families.counter("gateway_connections_accepted_total", "Connections accepted").add(stats.accepted);
  families.counter("gateway_connections_relayed_total", "Connections admitted and connected to an API server")
      .add(stats.relayed);
  families.counter("gateway_connections_cut_total", "Connections cut because they lost permission").add(stats.cut);
  families.counter("gateway_connections_overload_total", "Connections refused at the connection limit")
      .add(stats.refused_overload);
  families.counter("gateway_upstream_failures_total", "Admitted connections that no API server took")
      .add(stats.upstream_failures);
  families.counter("gateway_upstream_races_total", "Times another API server was tried beside one slow to answer")
      .add(stats.upstream_races);
  families.counter("gateway_bytes_total", "Bytes relayed")
      .add(stats.bytes_to_upstream, {{"direction", "to_upstream"}})
      .add(stats.bytes_to_client, {{"direction", "to_client"}});
  Family denied = families.counter("gateway_denied_total", "Connections denied, by reason");
  for (const auto& [reason, count] : stats.denied)
    denied.add(count, {{"reason", reason}});
  families.gauge("gateway_kernel_filter_active", "1 while the kernel drops what no cluster admits")
      .add(stats.kernel_filter_active ? 1 : 0);
  families.counter("gateway_kernel_dropped_syns_total", "Connection attempts dropped in the kernel")
      .add(stats.kernel_dropped_syns);
  families.gauge("gateway_traffic_clusters", "Records of sources, one a cluster and worker")
      .add(stats.traffic_clusters);
  families.counter("gateway_traffic_untracked_total", "Connections of clusters that no record of sources had room for")
      .add(stats.traffic_untracked);
  families.counter("gateway_traffic_sources_replaced_total", "Sources that gave up their place in a full record")
      .add(stats.traffic_sources_replaced);
}

void add_health(Families& families, const Readings& readings) {
  Family healthy = families.gauge("pool_server_healthy", "1 while the API server takes connections");
  for (const auto& [pool, servers] : readings.health) {
    for (const auto& server : servers) {
      healthy.add(server.healthy ? 1 : 0, {{"pool", pool.str()}, {"server", server.server.to_string()}});
    }
  }
}

void add_dns(Families& families, const dns::DnsStats& stats) {
  families.counter("dns_queries_total", "DNS queries received")
      .add(stats.queries_udp, {{"transport", "udp"}})
      .add(stats.queries_tcp, {{"transport", "tcp"}});
  {
    Family responses = families.counter("dns_responses_total", "DNS responses sent, by code");
    for (const auto& [rcode, count] : stats.rcodes)
      responses.add(count, {{"rcode", rcode}});
  }
  families.counter("dns_malformed_total", "DNS messages that do not decode").add(stats.malformed);
  families.counter("dns_forwarded_total", "Queries forwarded to other resolvers").add(stats.forwarded);
  families.counter("dns_forward_failures_total", "Forwarded queries without a usable answer")
      .add(stats.forward_failures);
  families.counter("dns_truncated_total", "UDP responses cut short for TCP").add(stats.truncated);
  families.counter("dns_tcp_connections_refused_total", "TCP connections refused at the limit")
      .add(stats.tcp_connections_refused);
  families.counter("dns_udp_send_failures_total", "UDP responses the kernel would not take")
      .add(stats.udp_send_failures);
}

void add_api(Families& families, const Readings& readings) {
  {
    Family requests = families.counter("api_requests_total", "API requests answered, by operation and HTTP status");
    for (const auto& [call, count] : readings.api.calls) {
      const std::size_t blank = call.rfind(' ');
      const std::string status = blank == std::string::npos ? std::string() : call.substr(blank + 1);
      requests.add(count, {{"operation", call.substr(0, blank)}, {"status", status}});
    }
  }
  families.counter("api_authentication_failures_total", "API requests whose sender could not be established")
      .add(readings.api.authentication_failures);
  {
    Family requests = families.counter("http_requests_total", "HTTP requests received, by server");
    for (const auto& [server, stats] : readings.http)
      requests.add(stats.requests, {{"server", server}});
  }
  {
    Family rejected = families.counter("http_rejected_total", "HTTP requests malformed, over a limit or late");
    for (const auto& [server, stats] : readings.http)
      rejected.add(stats.rejected, {{"server", server}});
  }
  Family connections = families.gauge("http_connections_active", "Live HTTP connections, by server");
  for (const auto& [server, stats] : readings.http)
    connections.add(stats.active_connections, {{"server", server}});
}

void add_certificates(Families& families, const Readings& readings) {
  Family ends = families.gauge("certificate_expiry_timestamp_seconds", "End of the certificate a server shows");
  for (const auto& [server, stats] : readings.http) {
    if (!stats.certificate_expires) continue;
    const auto seconds = std::chrono::floor<base::Seconds>(*stats.certificate_expires).time_since_epoch();
    ends.add(seconds.count(), {{"server", server}});
  }
}

void add_terminals(Families& families, const api::workplace::GateStats& stats) {
  families.gauge("workplace_relays_active", "Terminals of the workplace that are relayed").add(stats.active);
  families.counter("workplace_relays_opened_total", "Terminals of the workplace opened").add(stats.opened);
  families.counter("workplace_upgrades_refused_total", "Requests for a terminal that were refused").add(stats.refused);
  families.counter("workplace_relay_bytes_total", "Bytes relayed for terminals that ended")
      .add(stats.bytes_from_browsers, {{"direction", "from_browser"}})
      .add(stats.bytes_to_browsers, {{"direction", "to_browser"}});
}

void add_webhooks(Families& families, const api::WebhookStats& stats) {
  {
    Family reviews = families.counter("webhook_token_reviews_total", "TokenReviews answered, by outcome and reason");
    for (const auto& [reason, count] : stats.token_reviews) {
      const bool authenticated = reason == "authenticated";
      reviews.add(count, {{"outcome", authenticated ? "authenticated" : "refused"}, {"reason", reason}});
    }
  }
  {
    Family reviews =
        families.counter("webhook_access_reviews_total", "SubjectAccessReviews answered, by outcome and reason");
    for (const auto& [reason, count] : stats.access_reviews) {
      reviews.add(count, {{"outcome", reason == "policy" ? "allowed" : "no_opinion"}, {"reason", reason}});
    }
  }
  Family refused = families.counter("webhook_requests_refused_total", "Requests to the webhooks that were no review");
  for (const auto& [reason, count] : stats.refused)
    refused.add(count, {{"reason", reason}});
}

const char* name_of(api::audit::Result result) {
  switch (result) {
    case api::audit::Result::kAllowed: return "allowed";
    case api::audit::Result::kFailed: return "failed";
    case api::audit::Result::kDenied: return "denied";
    case api::audit::Result::kUnauthenticated: break;
  }
  return "unauthenticated";
}

void add_audit(Families& families, const Readings& readings) {
  using api::audit::Result;
  {
    Family records = families.counter("audit_records_total", "Audit records written, by what came of the call");
    for (const Result result : {Result::kAllowed, Result::kFailed, Result::kDenied, Result::kUnauthenticated}) {
      const auto found = readings.audit.records.find(result);
      records.add(found == readings.audit.records.end() ? 0 : found->second, {{"outcome", name_of(result)}});
    }
  }
  families.gauge("audit_failing", "1 while audit records cannot be written and changes are refused")
      .add(readings.audit.failing ? 1 : 0);
  families.counter("audit_write_failures_total", "Attempts to write audit records that failed")
      .add(readings.audit.write_failures);
  families.gauge("audit_records_waiting", "Audit records in memory until they can be written")
      .add(readings.audit.waiting);
  families.counter("audit_records_lost_total", "Audit records that did not fit beside those that wait")
      .add(readings.audit.lost);
  families.counter("audit_changes_refused_total", "Changes refused because their records could not be written")
      .add(readings.api.changes_refused_unrecorded);
}

}  // namespace

std::string metrics_text(const Readings& readings) {
  Families families;
  families.gauge("build_info", "1; the label says what runs").add(1, {{"version", kVersion}});
  const auto seconds = std::chrono::duration<double>(readings.started_at.time_since_epoch());
  families.gauge("start_time_seconds", "Start of the process, seconds since 1970").add(seconds.count());
  add_control(families, readings.control);
  families.gauge("clusters_without_pool", "Clusters whose pool is not in the configuration: nobody reaches them")
      .add(readings.clusters_without_pool);
  families.gauge("hosted_zones", "Private hosted zones, by whether their VPC's resolver answers from them")
      .add(readings.zones.serving, {{"serving", "true"}})
      .add(readings.zones.not_serving, {{"serving", "false"}});
  if (readings.gateway) add_gateway(families, *readings.gateway);
  add_health(families, readings);
  if (readings.dns) add_dns(families, *readings.dns);
  add_api(families, readings);
  add_certificates(families, readings);
  if (readings.terminals) add_terminals(families, *readings.terminals);
  if (readings.webhooks) add_webhooks(families, *readings.webhooks);
  add_audit(families, readings);
  return families.text();
}

}  // namespace sallyport::app
