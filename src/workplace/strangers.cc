#include "workplace/strangers.h"

#include "base/limits.h"
#include "net/source_network.h"

namespace sallyport::workplace {

namespace {

constexpr std::uint32_t kLoopback = 0x7f000001;

}  // namespace

std::optional<Strangers::Stranger> Strangers::admit(const base::IpAddress& source, bool own) {
  const base::IpAddress network = own ? base::IpAddress::v4(kLoopback) : net::network_of(source);
  const std::size_t most = own ? base::limits::kWorkplaceOwnStrangers : base::limits::kWorkplaceStrangers;
  const std::lock_guard lock(mutex_);
  std::size_t& count = by_network_[network];
  if (count >= most) return std::nullopt;
  ++count;
  return Stranger(*this, network);
}

void Strangers::leave(const base::IpAddress& network) {
  const std::lock_guard lock(mutex_);
  const auto known = by_network_.find(network);
  if (--known->second == 0) by_network_.erase(known);
}

}  // namespace sallyport::workplace
