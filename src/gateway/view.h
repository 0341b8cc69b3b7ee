#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "model/block_union.h"
#include "model/snapshot.h"
#include "policy/admissions.h"
#include "policy/decide.h"

namespace sallyport::gateway {

// What one listener makes of a snapshot.
struct ListenerView {
  // Nothing for a private listener that lies in no known subnet: it serves nobody.
  std::optional<policy::Arrival> arrival;
  // Sources any cluster admits here, those of PROXY speakers aside.
  model::BlockUnion admitted;
};

// A snapshot compiled for the workers; immutable and shared by them. Consecutive views share what did not change.
struct View {
  model::SnapshotPtr snapshot;
  policy::Admissions admissions;
  std::vector<ListenerView> listeners;  // in the order of GatewayConfig::listeners
  // While a change is between opening and closing: what was in force before it, and still admits. Has none itself.
  std::shared_ptr<const View> closing;
};

// `listeners` are the configured ones; their VPCs come from the snapshot, matched by bind address. Costs what differs
// from `before`, a view of the same listeners, or everything where there is none. Pure.
std::shared_ptr<const View> compile(model::SnapshotPtr snapshot, const std::vector<model::Listener>& listeners,
                                    const View* before = nullptr);

// True when nothing but clusters differs, so that connections of unchanged clusters need no second look.
bool same_networks(const model::Snapshot& a, const model::Snapshot& b);

}  // namespace sallyport::gateway
