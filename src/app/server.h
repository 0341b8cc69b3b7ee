#pragma once

#include <functional>
#include <memory>
#include <string>

#include "app/config.h"
#include "app/successor.h"
#include "base/result.h"

namespace sallyport::app {

// Refuses a list of roles ("control,gateway,dns") that leaves out one the configuration uses: with SQLite, one
// process owns the store. An empty list means all.
base::Status check_roles(const std::string& roles, const Config& config);

// All roles in one process: owns every part, in the order in which they depend on each other.
class Server {
 public:
  // Binds and starts everything that needs no state of the others, loads the store and publishes the first
  // snapshot. Fails with a message fit for the operator, leaving nothing running. Where there is a `predecessor`, what
  // that one has open is taken instead of opened; it must outlive `open_for_business`.
  static base::Result<std::unique_ptr<Server>> start(const Config& config, handover::Successor* predecessor = nullptr);
  virtual ~Server() = default;  // stops at once

  // Until every node enforces the first snapshot and the API serves; false when `give_up` said so. From the moment
  // that a predecessor accepts no more there is no giving up.
  virtual base::Result<bool> open_for_business(const std::function<bool()>& give_up) = 0;
  // Waits for successors from now on. `handed_over` is called, on another thread, when one is the service: what is left
  // to do here is `drain`.
  virtual base::Status await_successor(std::function<void(pid_t)> handed_over) = 0;
  virtual bool handed_over() const = 0;
  // Finishes API requests, then lets relays end, each for at most kDrainTime. `/readyz` fails meanwhile. Handed over,
  // lets relays end for Config::handover_drain, or kDrainTime from when the service stops.
  virtual void drain() = 0;
  // Has certificate files that changed read again, without waiting for the next look at them.
  virtual void read_certificates_again() = 0;
};

}  // namespace sallyport::app
