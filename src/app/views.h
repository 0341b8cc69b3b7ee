#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "api/insight/explain_view.h"
#include "api/insight/preview.h"
#include "base/time.h"
#include "control/control_plane.h"
#include "dns/dns_server.h"
#include "gateway/gateway.h"
#include "model/cluster.h"
#include "model/snapshot.h"
#include "model/update.h"
#include "policy/hosted_zones.h"

// The JSON that the operator's commands print and render (docs/operations.md). Pure.
namespace sallyport::app {

// Everything `sallyport status` shows. Parts that are not configured are absent.
struct StatusFacts {
  std::string data_dir;
  base::Time started_at{};
  control::Status control;
  model::SnapshotPtr snapshot;
  std::optional<gateway::GatewayStats> gateway;
  std::map<model::PoolName, std::vector<gateway::ServerHealth>> health;
  std::optional<dns::DnsStats> dns;
};

boost::json::object status_view(const StatusFacts& facts);
using api::insight::explain_view;
// Their private hosted zones, which only operators see.
boost::json::object zones_view(const std::vector<policy::ZoneState>& states);
boost::json::object cluster_view(const model::Cluster& cluster, const std::string& endpoint_url);
boost::json::object update_view(const model::Update& update);
// PreviewUpdate's answer with the change it is of.
boost::json::object foretold_view(const model::ClusterName& cluster, const api::insight::Preview& preview);

// Live connections of one cluster by source and side, most first, at most `most` entries.
boost::json::object connections_view(const gateway::LiveBySource& live, std::size_t most);

}  // namespace sallyport::app
