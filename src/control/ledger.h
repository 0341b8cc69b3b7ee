#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <shared_mutex>

#include "base/result.h"
#include "control/state.h"
#include "store/store.h"

namespace sallyport::control {

// The store and its image in memory, moved on together: a change is durable first, then visible. Readers
// never wait for the disk. Thread-safe.
class Ledger {
 public:
  // `store` must outlive the ledger.
  static base::Result<std::unique_ptr<Ledger>> open(store::Store& store, State::Fixed fixed);

  // What to commit given the present state; nothing when there is nothing to commit. Runs with writers
  // excluded, so what it reads from the store stays true until the commit; may run again after a lost race.
  using Plan = std::function<base::Result<std::optional<store::Transaction>>(const State&)>;

  // Runs `plan` and commits what it gives. Fails with the plan's error, or with kUnavailable when the store
  // could not commit: then nothing changed in memory, and the next write starts by reading the store again,
  // as it may have the change all the same.
  base::Status write(const Plan& plan);

  template <class Read>
  auto read(Read&& read) const {
    const std::shared_lock lock(state_mutex_);
    return read(state_);
  }
  model::Revision revision() const;

 private:
  Ledger(store::Store& store, State::Fixed fixed);
  base::Status reload();

  store::Store& store_;
  const State::Fixed fixed_;
  std::mutex write_mutex_;                 // one writer at a time, held over the commit; before state_mutex_
  bool stale_ = false;                     // memory may be behind the store; under write_mutex_
  mutable std::shared_mutex state_mutex_;  // held for memory work alone
  State state_;                            // changed under both mutexes, so a writer may read it under its own
};

}  // namespace sallyport::control
