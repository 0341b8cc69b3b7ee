#pragma once

#include <cstddef>
#include <mutex>
#include <unordered_map>
#include <utility>

#include <tl/expected.hpp>

#include "base/ip_address.h"
#include "bastion/refusal.h"

namespace sallyport::bastion {

// The connections that have not logged in: at most kBastionStrangers of one source and `most` of all, so that who
// cannot log in cannot keep out those who can. An IPv6 source is its /64. Thread-safe; outlives its strangers.
class Strangers {
 public:
  class Stranger;

  explicit Strangers(std::size_t most) : most_(most) {}
  // kSourceLimit or kStrangerLimit when there are as many as there may be.
  tl::expected<Stranger, Refusal> admit(const base::IpAddress& source);
  std::size_t count() const;

 private:
  void leave(const base::IpAddress& network);

  const std::size_t most_;
  mutable std::mutex mutex_;
  std::size_t count_ = 0;
  std::unordered_map<base::IpAddress, std::size_t> by_network_;  // none of them zero
};

// One connection's place among them, given back at the end of this object.
class Strangers::Stranger {
 public:
  Stranger(Stranger&& other) noexcept : all_(std::exchange(other.all_, nullptr)), network_(other.network_) {}
  Stranger& operator=(Stranger&&) = delete;
  ~Stranger() {
    if (all_ != nullptr) all_->leave(network_);
  }

 private:
  friend class Strangers;
  Stranger(Strangers& all, const base::IpAddress& network) : all_(&all), network_(network) {}

  Strangers* all_;
  base::IpAddress network_;
};

}  // namespace sallyport::bastion
