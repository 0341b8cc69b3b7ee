#pragma once

#include <chrono>
#include <cstddef>
#include <unordered_map>

#include "base/ip_address.h"

namespace sallyport::bastion {

// How many failed logins each source still has: kBastionFailures, and one more every kBastionFailurePause, so
// that nobody can make the API check guesses at speed. An IPv6 source is its /64. At most `capacity` sources;
// past it, the one with the least to be forgiven starts anew. Pure; not thread-safe.
class FailureBudget {
 public:
  using Steady = std::chrono::steady_clock;
  explicit FailureBudget(std::size_t capacity) : capacity_(capacity) {}

  bool left(const base::IpAddress& source, Steady::time_point now) const;
  void spend(const base::IpAddress& source, Steady::time_point now);
  std::size_t sources() const { return debts_.size(); }

 private:
  void make_room(Steady::time_point now);

  const std::size_t capacity_;
  // By source: when the last of its failures is forgiven.
  std::unordered_map<base::IpAddress, Steady::time_point> debts_;
};

}  // namespace sallyport::bastion
