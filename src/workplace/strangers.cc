#include "workplace/strangers.h"

#include "base/limits.h"
#include "net/source_network.h"

namespace sallyport::workplace {

namespace {

constexpr std::uint32_t kLoopback = 0x7f000001;

}  // namespace

std::optional<Strangers::Stranger> Strangers::admit(const base::IpAddress& source, bool own) {
  auto place = own ? places_.take(base::IpAddress::v4(kLoopback), base::limits::kWorkplaceOwnStrangers)
                   : places_.take(net::network_of(source), base::limits::kWorkplaceStrangers);
  if (!place) return std::nullopt;
  return *std::move(place);
}

}  // namespace sallyport::workplace
