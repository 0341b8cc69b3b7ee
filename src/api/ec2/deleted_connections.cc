#include "api/ec2/deleted_connections.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace sallyport::api::ec2 {

void DeletedConnections::remember(model::VpnConnection connection, base::Time now) {
  auto shared = std::make_shared<const model::VpnConnection>(std::move(connection));
  const std::lock_guard lock(mutex_);
  std::erase_if(deleted_, [&](const Deleted& each) { return each.connection->id == shared->id; });
  deleted_.push_back({now, std::move(shared)});
  if (deleted_.size() > base::limits::kDeletedConnections) deleted_.pop_front();
}

std::shared_ptr<const model::VpnConnection> DeletedConnections::find(const model::VpnConnectionId& id,
                                                                     base::Time now) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find_if(deleted_, [&](const Deleted& each) { return each.connection->id == id; });
  if (found == deleted_.end() || now - found->at > base::limits::kDeletedConnectionTime) return nullptr;
  return found->connection;
}

}  // namespace sallyport::api::ec2
