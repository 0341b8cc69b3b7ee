#pragma once

#include <cstddef>

#include <tl/expected.hpp>

#include "base/ip_address.h"
#include "bastion/refusal.h"
#include "net/source_places.h"

namespace sallyport::bastion {

// The connections that have not logged in: at most kBastionStrangers of one source and `most` of all, so that who
// cannot log in cannot keep out those who can. An IPv6 source is its /64. Thread-safe; outlives its strangers.
class Strangers {
 public:
  using Stranger = net::SourcePlaces::Place;

  explicit Strangers(std::size_t most) : places_(most) {}
  // kSourceLimit or kStrangerLimit when there are as many as there may be.
  tl::expected<Stranger, Refusal> admit(const base::IpAddress& source);
  std::size_t count() const { return places_.count(); }

 private:
  net::SourcePlaces places_;
};

}  // namespace sallyport::bastion
