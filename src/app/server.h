#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/config.h"
#include "base/result.h"

namespace sallyport::app {

// Refuses a list of roles ("control,gateway,dns") that leaves out one the configuration uses: with SQLite, one
// process owns the store. An empty list means all.
base::Status check_roles(const std::string& roles, const Config& config);

// All roles in one process: owns every part, in the order in which they depend on each other.
class Server {
 public:
  // Binds and starts everything that needs no state of the others, loads the store and publishes the first
  // snapshot. Fails with a message fit for the operator, leaving nothing running.
  static base::Result<std::unique_ptr<Server>> start(const Config& config);
  virtual ~Server() = default;  // stops at once

  // Until every node enforces the first snapshot and the API serves; false when `give_up` said so.
  virtual base::Result<bool> open_for_business(const std::function<bool()>& give_up) = 0;
  // Finishes API requests, then lets relays end, each for at most kDrainTime. `/readyz` fails meanwhile.
  virtual void drain() = 0;
  // Has certificate files that changed read again, without waiting for the next look at them.
  virtual void read_certificates_again() = 0;
};

}  // namespace sallyport::app
