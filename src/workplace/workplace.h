#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/result.h"
#include "base/time.h"
#include "workplace/config.h"

namespace sallyport::workplace {

struct WorkplaceStats {
  std::uint64_t sessions_running = 0;
  std::uint64_t sessions_waiting = 0;  // granted, and their terminal not opened yet
  std::uint64_t sessions_granted = 0;
  std::uint64_t connections = 0;  // besides terminals
  std::uint64_t bytes_from_browser = 0;
  std::uint64_t bytes_to_browser = 0;
  std::map<std::string, std::uint64_t> ended;    // sessions, by reason
  std::map<std::string, std::uint64_t> refused;  // requests, by reason
  bool cgroups = false;                          // each session's processes are bounded together
};

// Shells for users who come through the API, each in a sandbox. Thread-safe.
class Workplace {
 public:
  // Tries the sandbox and binds every address before it returns; fails with the remedy. Call from a thread that
  // lives as long as the workplace, before others start processes.
  static base::Result<std::unique_ptr<Workplace>> start(WorkplaceConfig config);
  virtual ~Workplace() = default;  // ends what is left at once
  // Takes no new session, tells those there are, waits at most `patience` for them and ends the rest.
  virtual void drain(base::Millis patience) = 0;
  virtual WorkplaceStats stats() = 0;
  virtual const std::vector<base::SocketAddress>& addresses() const = 0;  // as bound
};

}  // namespace sallyport::workplace
