#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/ip_address.h"
#include "base/time.h"
#include "bastion/gatekeeper.h"
#include "bastion/lookup.h"
#include "bastion/refusal.h"
#include "bastion/strangers.h"
#include "bastion/target.h"

namespace sallyport::bastion {

struct Settings {
  Realm realm;
  std::size_t max_connections = 0;
  base::Millis idle_time{};
  std::optional<base::IpAddress> source;  // to connect to endpoints from
};

// Who asks for what, as far as it is known; for the log.
struct Caller {
  base::SocketAddress source;
  std::string_view front;  // "connect", "socks"
  std::string user = "-";
  std::string target = "-";
  std::optional<Strangers::Stranger> stranger{};  // until the login
};

// What a bastion's connections share. Thread-safe; outlives every connection.
class Hub {
 public:
  Hub(Settings chosen, Gatekeeper& at_the_gate, Lookup& names)
      : settings(std::move(chosen)), gatekeeper(at_the_gate), lookup(names) {}

  const Settings settings;
  Gatekeeper& gatekeeper;
  Lookup& lookup;
  Strangers strangers{std::max<std::size_t>(settings.max_connections / 2, 1)};

  std::atomic<std::uint64_t> accepted_connect{0};
  std::atomic<std::uint64_t> accepted_socks{0};
  std::atomic<std::uint64_t> tunnels_opened{0};
  std::atomic<std::uint64_t> tunnels_active{0};
  std::atomic<std::uint64_t> tunnels_idle{0};  // ended because nothing moved
  std::atomic<std::uint64_t> bytes_to_endpoint{0};
  std::atomic<std::uint64_t> bytes_to_client{0};

  // Takes a place among the connections; false when there is none.
  bool enter();
  void leave();
  std::size_t connections() const;
  bool draining() const { return draining_.load(); }
  // Refuses new requests and waits until the last connection has left, or `patience` is over.
  void drain(base::Millis patience);

  // Counts and logs, at most kLogLinesASecond lines.
  void refused(Refusal refusal, const Caller& caller);
  std::uint64_t refusals(Refusal refusal) const { return refusals_.at(static_cast<std::size_t>(refusal)).load(); }

 private:
  static constexpr int kLogLinesASecond = 20;

  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::size_t connections_ = 0;
  std::atomic<bool> draining_{false};
  std::array<std::atomic<std::uint64_t>, kRefusals> refusals_{};

  std::mutex log_mutex_;
  std::chrono::steady_clock::time_point log_second_{};
  int log_lines_ = 0;
  std::uint64_t not_logged_ = 0;
};

// The place `enter` took, given back at the end.
class Place {
 public:
  explicit Place(Hub& hub) : hub_(&hub) {}
  Place(Place&& other) noexcept : hub_(std::exchange(other.hub_, nullptr)) {}
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (hub_ != nullptr) hub_->leave();
  }

 private:
  Hub* hub_;
};

}  // namespace sallyport::bastion
