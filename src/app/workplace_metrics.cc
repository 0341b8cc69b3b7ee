#include "app/workplace_metrics.h"

#include "app/metric_families.h"
#include "app/version.h"

namespace sallyport::app {

std::string workplace_metrics_text(const workplace::WorkplaceStats& stats, base::Time started_at) {
  Families families;
  families.gauge("build_info", "1; the label says what runs").add(1, {{"version", kVersion}});
  const auto seconds = std::chrono::duration<double>(started_at.time_since_epoch());
  families.gauge("start_time_seconds", "Start of the process, seconds since 1970").add(seconds.count());
  families.gauge("workplace_sessions", "Sessions, by state")
      .add(stats.sessions_running, {{"state", "running"}})
      .add(stats.sessions_waiting, {{"state", "waiting"}});
  families.counter("workplace_sessions_granted_total", "Sessions granted to the API").add(stats.sessions_granted);
  {
    Family ended = families.counter("workplace_sessions_ended_total", "Sessions ended, by reason");
    for (const auto& [reason, count] : stats.ended)
      ended.add(count, {{"reason", reason}});
  }
  {
    Family refused = families.counter("workplace_refused_total", "Requests refused, by reason");
    for (const auto& [reason, count] : stats.refused)
      refused.add(count, {{"reason", reason}});
  }
  families.counter("workplace_bytes_total", "Bytes passed through terminals")
      .add(stats.bytes_from_browser, {{"direction", "from_browser"}})
      .add(stats.bytes_to_browser, {{"direction", "to_browser"}});
  families.gauge("workplace_connections_active", "Live connections that are no terminal").add(stats.connections);
  families.gauge("workplace_cgroups", "1 when a cgroup bounds each session as a whole").add(stats.cgroups ? 1 : 0);
  return families.text();
}

}  // namespace sallyport::app
