#include "bastion/strangers.h"

#include "base/limits.h"
#include "net/source_network.h"

namespace sallyport::bastion {

tl::expected<Strangers::Stranger, Refusal> Strangers::admit(const base::IpAddress& source) {
  const base::IpAddress network = net::network_of(source);
  const std::lock_guard lock(mutex_);
  // The source first: it names the one to look at, while all of them may be many.
  const auto known = by_network_.find(network);
  if (known != by_network_.end() && known->second >= base::limits::kBastionStrangers) {
    return tl::unexpected(Refusal::kSourceLimit);
  }
  if (count_ >= most_) return tl::unexpected(Refusal::kStrangerLimit);
  ++by_network_[network];
  ++count_;
  return Stranger(*this, network);
}

std::size_t Strangers::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void Strangers::leave(const base::IpAddress& network) {
  const std::lock_guard lock(mutex_);
  --count_;
  const auto known = by_network_.find(network);
  if (--known->second == 0) by_network_.erase(known);
}

}  // namespace sallyport::bastion
