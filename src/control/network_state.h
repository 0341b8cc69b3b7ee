#pragma once

#include "model/snapshot.h"
#include "store/store.h"

// How a transaction's network parts change the world. Clusters and updates are the State's.
namespace sallyport::control {

void put_network(model::Snapshot& world, const store::Entity& entity);
void erase_network(model::Snapshot& world, const store::EntityId& id);

// Adds to a transaction that changes the network what follows from it for VPCs and security groups
// (policy::derive), so that both are stored together or not at all. Pure.
void add_derived(const model::Snapshot& world, store::Transaction& transaction);

}  // namespace sallyport::control
