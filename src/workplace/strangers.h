#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <utility>

#include "base/ip_address.h"

namespace sallyport::workplace {

// The connections that have not shown the secret: at most kWorkplaceStrangers of one source, which of IPv6 is a /64,
// and kWorkplaceOwnStrangers of all addresses of the machine together, whose shells could hold every place otherwise.
// Thread-safe; outlives its strangers.
class Strangers {
 public:
  class Stranger;

  // Nothing when there are as many as there may be. `own`: is_own(source).
  std::optional<Stranger> admit(const base::IpAddress& source, bool own);

 private:
  void leave(const base::IpAddress& network);

  std::mutex mutex_;
  std::map<base::IpAddress, std::size_t> by_network_;  // none of them zero
};

// One connection's place among them, given back at the end of this object.
class Strangers::Stranger {
 public:
  Stranger(Stranger&& other) noexcept : all_(std::exchange(other.all_, nullptr)), network_(other.network_) {}
  Stranger& operator=(Stranger&& other) noexcept {
    std::swap(all_, other.all_);
    std::swap(network_, other.network_);
    return *this;
  }
  ~Stranger() {
    if (all_ != nullptr) all_->leave(network_);
  }

 private:
  friend class Strangers;
  Stranger(Strangers& all, const base::IpAddress& network) : all_(&all), network_(network) {}

  Strangers* all_;
  base::IpAddress network_;
};

}  // namespace sallyport::workplace
