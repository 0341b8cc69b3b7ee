#include "bastion/strangers.h"

#include "base/limits.h"
#include "net/source_network.h"

namespace sallyport::bastion {

tl::expected<Strangers::Stranger, Refusal> Strangers::admit(const base::IpAddress& source) {
  return places_.take(net::network_of(source), base::limits::kBastionStrangers)
      .map_error([](net::SourcePlaces::Full full) {
        return full == net::SourcePlaces::Full::kSource ? Refusal::kSourceLimit : Refusal::kStrangerLimit;
      });
}

}  // namespace sallyport::bastion
