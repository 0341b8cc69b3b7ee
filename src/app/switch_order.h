#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "base/result.h"
#include "model/enforcement.h"
#include "model/ids.h"
#include "model/snapshot.h"

namespace sallyport::app {

// Keeps a change of access free of gaps. For each snapshot: the gateway opens what it admits, then DNS answers by it,
// then the gateway closes what it no longer admits. Who looks up the name is never led to a closed door, but for the
// moment between look-up and connection. One snapshot at a time; those overtaken meanwhile are left out, and
// acknowledged with the one that overtook them. Thread-safe; outlives gateway and DNS, the gateway ends first.
class SwitchOrder {
 public:
  // Both nodes of this process.
  SwitchOrder(model::ApplyFn gateway, model::ApplyFn dns);

  // How the control plane hands out snapshots: each to both.
  void apply_to_gateway(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge);
  void apply_to_dns(const model::SnapshotPtr& snapshot, model::AcknowledgeFn acknowledge);

  // From the gateway: all that its present snapshot admits is open (GatewayConfig::before_closing). Hands that
  // snapshot to DNS and returns when DNS answers by it or failed to, or, saying false, after `patience`: a revocation
  // does not wait for names for ever.
  bool opened(std::chrono::milliseconds patience);

 private:
  using Acknowledgers = std::vector<model::AcknowledgeFn>;
  struct Round {
    model::SnapshotPtr snapshot;
    Acknowledgers gateway;
    Acknowledgers dns;
    model::Revision dns_given;  // the last that DNS was to be handed
  };

  void begin(std::unique_lock<std::mutex> lock);
  void gateway_done(const Acknowledgers& waiting, const model::Acknowledgement& acknowledgement);
  void dns_done(const Acknowledgers& waiting, const model::Acknowledgement& acknowledgement);

  const model::ApplyFn gateway_;
  const model::ApplyFn dns_;
  std::mutex mutex_;
  std::condition_variable turned_;
  bool busy_ = false;
  Round present_;  // meaningful while busy
  Round next_;
  model::Revision answered_;
};

}  // namespace sallyport::app
