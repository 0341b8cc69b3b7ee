#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "control/ack_board.h"
#include "control/control_plane.h"
#include "control/ledger.h"
#include "model/snapshot.h"

namespace sallyport::control {

// Turns the ledger's state into snapshots and hands them to the nodes. Commits made while nodes are being
// handed one snapshot go out together in the next.
class Publisher {
 public:
  // The ledger must outlive the publisher.
  Publisher(const Ledger& ledger, std::shared_ptr<AckBoard> board, std::vector<Node> nodes);

  // Gives every node a snapshot of the present state, unless the last one was as new; says whether it did.
  // One thread at a time; calls the nodes with no lock held.
  bool publish();

  // The last published; null before the first. Any thread.
  model::SnapshotPtr snapshot() const;

 private:
  model::SnapshotPtr compose();

  const Ledger& ledger_;
  const std::shared_ptr<AckBoard> board_;
  const std::vector<Node> nodes_;
  std::set<std::string> logged_;  // listener problems; at most a few a listener
  mutable std::mutex mutex_;      // guards last_
  model::SnapshotPtr last_;
};

}  // namespace sallyport::control
