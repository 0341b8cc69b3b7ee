#include "app/bastion_metrics.h"

#include "app/metric_families.h"
#include "app/version.h"

namespace sallyport::app {

std::string bastion_metrics_text(const bastion::BastionStats& stats, base::Time started_at) {
  Families families;
  families.gauge("build_info", "1; the label says what runs").add(1, {{"version", kVersion}});
  const auto seconds = std::chrono::duration<double>(started_at.time_since_epoch());
  families.gauge("start_time_seconds", "Start of the process, seconds since 1970").add(seconds.count());
  families.counter("bastion_connections_accepted_total", "Connections accepted, by protocol")
      .add(stats.accepted_connect, {{"protocol", "connect"}})
      .add(stats.accepted_socks, {{"protocol", "socks"}});
  families.gauge("bastion_connections_active", "Live connections in every phase").add(stats.active_connections);
  families.gauge("bastion_connections_not_logged_in", "Live connections before their login").add(stats.strangers);
  families.gauge("bastion_tunnels_active", "Live tunnels to endpoints").add(stats.tunnels_active);
  families.counter("bastion_tunnels_opened_total", "Tunnels opened").add(stats.tunnels_opened);
  families.counter("bastion_tunnels_idle_total", "Tunnels ended because nothing moved").add(stats.tunnels_idle);
  families.counter("bastion_bytes_total", "Bytes passed through tunnels")
      .add(stats.bytes_to_endpoint, {{"direction", "to_endpoint"}})
      .add(stats.bytes_to_client, {{"direction", "to_client"}});
  families.counter("bastion_logins_asked_total", "Logins the API was asked about").add(stats.logins_asked);
  {
    Family logins = families.counter("bastion_logins_total", "Logins, by outcome");
    for (const auto& [outcome, count] : stats.logins)
      logins.add(count, {{"outcome", outcome}});
  }
  {
    Family refused = families.counter("bastion_refused_total", "Connections refused, by reason");
    for (const auto& [reason, count] : stats.refused)
      refused.add(count, {{"reason", reason}});
  }
  return families.text();
}

}  // namespace sallyport::app
