#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "app/ack_gate.h"
#include "app/config.h"
#include "app/health_prober.h"
#include "app/switch_order.h"
#include "base/named_descriptors.h"
#include "base/result.h"
#include "control/control_plane.h"
#include "dns/dns_server.h"
#include "gateway/gateway.h"

namespace sallyport::app {

// What enforces snapshots in this process: gateway and DNS, as far as the configuration has them. Outlives the
// control planes that it is a node of.
class Nodes {
 public:
  // As Gateway::start and DnsServer::start have it.
  base::Status start(const Config& config, base::NamedDescriptors* handed);

  // Null where not configured.
  gateway::Gateway* gateway() const { return gateway_.get(); }
  dns::DnsServer* dns() const { return dns_.get(); }
  // For a control plane. What they acknowledge is held back until `judge_draining` has succeeded once. Each snapshot
  // rings `published`.
  std::vector<control::Node> of_control(Bell& published);

  // Until all enforce that revision; false when `give_up` said so.
  base::Result<bool> wait_for(model::Revision wanted, const std::function<bool()>& give_up) const;
  // Accepts and answers from now on, where `start` was given sockets.
  void begin(std::vector<gateway::Stranger> strangers);
  // Relays of processes that drain in the data folder are subject to every snapshot from here on, before that is
  // acknowledged.
  base::Status judge_draining(const std::string& data_dir);

 private:
  AckGate gate_;
  // The gateway, while it ends, may still hand DNS a snapshot.
  SwitchOrder order_{[this](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                       gateway_->apply(std::move(snapshot), std::move(done));
                     },
                     [this](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                       dns_->apply(std::move(snapshot), std::move(done));
                     }};
  std::unique_ptr<dns::DnsServer> dns_;
  std::unique_ptr<gateway::Gateway> gateway_;
};

}  // namespace sallyport::app
