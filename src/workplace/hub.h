#pragma once

#include <array>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <list>
#include <mutex>
#include <optional>

#include "base/entropy.h"
#include "base/time.h"
#include "workplace/cgroup.h"
#include "workplace/config.h"
#include "workplace/messages.h"
#include "workplace/session_table.h"
#include "workplace/strangers.h"

namespace sallyport::workplace {

inline constexpr std::size_t kReasons = 6;

// What a host's connections share. Thread-safe; outlives every connection.
class Hub {
 public:
  Hub(const WorkplaceConfig& chosen, const base::Clock& time, base::Entropy& entropy)
      : config(chosen), clock(time), table(chosen, entropy) {}

  const WorkplaceConfig& config;
  const base::Clock& clock;
  SessionTable table;
  Strangers strangers;
  std::optional<Cgroups> cgroups{};  // set before the first connection, or never

  std::atomic<std::uint64_t> granted{0};
  std::atomic<std::uint64_t> refused_source{0};
  std::atomic<std::uint64_t> refused_secret{0};
  std::atomic<std::uint64_t> refused_request{0};
  std::atomic<std::uint64_t> refused_limit{0};
  std::atomic<std::uint64_t> refused_ticket{0};
  std::atomic<std::uint64_t> bytes_from_browser{0};
  std::atomic<std::uint64_t> bytes_to_browser{0};
  std::array<std::atomic<std::uint64_t>, kReasons> ended{};

  // Connections that are not, or not yet, a terminal.
  bool enter();
  void leave() { --connections_; }
  std::size_t connections() const { return connections_; }

  bool draining() const { return draining_; }
  // Tells every session, waits until the last has ended or `patience` is over. Sessions end by themselves then.
  void drain(base::Millis patience);

  // While it lives, a session counts among those that a drain waits for, and hears of one. `tell` is called once, on
  // the draining thread, with the moment at which patience ends.
  class Presence {
   public:
    using Tell = std::function<void(Steady::time_point)>;
    Presence(Hub& hub, Tell tell);
    Presence(const Presence&) = delete;
    Presence& operator=(const Presence&) = delete;
    ~Presence();

   private:
    Hub& hub_;
    std::list<Tell>::iterator place_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable empty_;
  std::list<Presence::Tell> present_;
  Steady::time_point drained_at_{};
  std::atomic<bool> draining_{false};
  std::atomic<std::size_t> connections_{0};
};

}  // namespace sallyport::workplace
