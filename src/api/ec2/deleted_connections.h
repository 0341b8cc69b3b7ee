#pragma once

#include <deque>
#include <memory>
#include <mutex>

#include "base/time.h"
#include "model/network_objects.h"

namespace sallyport::api::ec2 {

// VPN connections that were deleted lately, so that a client waiting for the end of a deletion sees it: the SDKs'
// waiter vpn_connection_deleted ends at the state "deleted" alone, and takes NotFound for a failure. In memory, for an
// hour, the last 1,000; a restart forgets them. Thread-safe.
class DeletedConnections {
 public:
  // May be called before the deletion is committed, and again for one that did not come off: who asks looks among the
  // connections that exist first.
  void remember(model::VpnConnection connection, base::Time now);
  // Null for one that is not remembered.
  std::shared_ptr<const model::VpnConnection> find(const model::VpnConnectionId& id, base::Time now) const;

 private:
  struct Deleted {
    base::Time at;
    std::shared_ptr<const model::VpnConnection> connection;
  };

  mutable std::mutex mutex_;
  std::deque<Deleted> deleted_;  // the oldest first
};

}  // namespace sallyport::api::ec2
