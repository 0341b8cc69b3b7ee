#pragma once

#include <sys/types.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "base/ip_address.h"
#include "base/limits.h"
#include "base/time.h"

namespace sallyport::workplace {

// User ids that sessions run as, `first` to `last`, which nobody else on the machine may have.
struct UidRange {
  uid_t first = 70'000;
  uid_t last = 74'095;

  std::size_t size() const { return static_cast<std::size_t>(last) - first + 1; }
};

struct WorkplaceConfig {
  std::vector<base::SocketAddress> listen{};
  std::optional<std::string> tls_cert_file{};  // both or neither; without, `listen` must be loopback addresses
  std::optional<std::string> tls_key_file{};
  std::string secret{};                 // what the API shows with every request
  std::string api{};                    // "https://sallyport.example.com:8787": AWS_ENDPOINT_URL of the shells
  std::optional<std::string> api_ca{};  // PEM; the system's authorities when absent
  std::string shell = "/bin/bash";
  std::size_t max_sessions = base::limits::kWorkplaceSessions;
  std::size_t sessions_a_principal = base::limits::kWorkplaceSessionsOfOne;
  base::Seconds idle_time = base::limits::kWorkplaceIdleTime;
  base::Seconds longest_time = base::limits::kWorkplaceLongestTime;
  std::size_t memory_bytes = base::limits::kWorkplaceMemoryBytes;  // of a session with a cgroup, else of a process
  std::size_t processes = base::limits::kWorkplaceProcesses;       // of a session, threads counted
  std::size_t home_bytes = base::limits::kWorkplaceHomeBytes;      // of the home; /tmp and /dev/shm as much again each
  std::optional<UidRange> uids = UidRange{};
  unsigned threads = 2;
};

}  // namespace sallyport::workplace
