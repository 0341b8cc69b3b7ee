#pragma once

#include <optional>

#include "base/ip_address.h"
#include "net/source_places.h"

namespace sallyport::workplace {

// The connections that have not shown the secret: at most kWorkplaceStrangers of one source, which of IPv6 is a /64,
// and kWorkplaceOwnStrangers of all addresses of the machine together, whose shells could hold every place otherwise.
// Thread-safe; outlives its strangers.
class Strangers {
 public:
  using Stranger = net::SourcePlaces::Place;

  // Nothing when there are as many as there may be. `own`: is_own(source).
  std::optional<Stranger> admit(const base::IpAddress& source, bool own);

 private:
  net::SourcePlaces places_;
};

}  // namespace sallyport::workplace
