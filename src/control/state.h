#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "model/ids.h"
#include "model/snapshot.h"
#include "model/update.h"
#include "store/store.h"

namespace sallyport::control {

// A cluster between two stable states: CREATING, DELETING, or with an update in flight.
struct Pending {
  model::Revision since;                // nodes must acknowledge this for the next step
  std::optional<model::Update> update;  // nothing while CREATING or DELETING
};

// What the store holds, in memory: the present truth that requests are checked against and snapshots are
// made of. A value without locks; see Ledger for who may touch it when.
class State {
 public:
  // What never changes while the process runs and goes into each snapshot.
  struct Fixed {
    model::Region region;
    std::string zone;
    std::vector<model::Pool> pools;
    std::vector<model::Listener> listeners;  // as configured
  };

  State() = default;
  // A cluster whose pool is configured takes the pool's CA: the file may have been renewed since.
  State(Fixed fixed, store::Inventory inventory, const std::vector<model::Update>& unfinished);

  // Follows a transaction that the store committed as `revision`.
  void apply(const store::Transaction& transaction, model::Revision revision);

  model::Revision revision() const { return world_.revision; }
  // What a snapshot of this state is, listeners placed.
  const model::Snapshot& world() const { return world_; }
  // Of private listeners that belong to no VPC; see placed_listeners.
  const std::vector<std::string>& listener_problems() const { return listener_problems_; }
  const model::IdentityObjects& identities() const { return identities_; }
  const std::set<model::ClusterName>& names() const { return names_; }
  const std::map<model::ClusterName, Pending>& pending() const { return pending_; }
  const Pending* find_pending(const model::ClusterName& name) const;
  // The cluster a creation token was used for, or null.
  const model::Cluster* find_by_creation_token(const std::string& token) const;

 private:
  void put(model::Cluster cluster, model::Revision revision);
  void put(const model::Update& update, model::Revision revision);
  void erase(const model::ClusterName& name);
  // The pool of a cluster that a provider made servers for.
  void put_own_pool(const model::Cluster& cluster);
  void place_listeners();

  std::vector<model::Listener> configured_listeners_;
  std::vector<std::string> listener_problems_;
  model::Snapshot world_;
  model::IdentityObjects identities_;
  std::set<model::ClusterName> names_;
  std::map<std::string, model::ClusterName> creation_tokens_;
  std::map<model::ClusterName, Pending> pending_;
};

}  // namespace sallyport::control
