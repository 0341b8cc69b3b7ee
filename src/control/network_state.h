#pragma once

#include "base/result.h"
#include "model/snapshot.h"
#include "store/store.h"

// How a transaction's network parts change the world. Clusters and updates are the State's.
namespace sallyport::control {

void put_network(model::Snapshot& world, const store::Entity& entity);
void erase_network(model::Snapshot& world, const store::EntityId& id);

// The network as the transaction would leave it, and nothing else: there may be very many clusters. Pure.
model::Snapshot network_after(const model::Snapshot& world, const store::Transaction& transaction);

// Adds to a transaction that leads to `after` what follows from it for VPCs and security groups (policy::derive), so
// that both are stored together or not at all. Fails as policy::derive does. Pure.
base::Status add_derived(const model::Snapshot& after, store::Transaction& transaction);

}  // namespace sallyport::control
