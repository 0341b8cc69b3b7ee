#include "workplace/hub.h"

#include <utility>

#include "base/limits.h"

namespace sallyport::workplace {

bool Hub::enter() {
  if (++connections_ <= base::limits::kWorkplaceConnections) return true;
  --connections_;
  return false;
}

void Hub::drain(base::Millis patience) {
  std::unique_lock lock(mutex_);
  draining_ = true;
  drained_at_ = Steady::now() + patience;
  for (const Presence::Tell& tell : present_)
    tell(drained_at_);
  empty_.wait_until(lock, drained_at_ + base::limits::kWorkplaceEndTime, [&] { return present_.empty(); });
}

Hub::Presence::Presence(Hub& hub, Tell tell) : hub_(hub) {
  const std::scoped_lock lock(hub_.mutex_);
  place_ = hub_.present_.insert(hub_.present_.end(), std::move(tell));
  if (hub_.draining_) (*place_)(hub_.drained_at_);
}

Hub::Presence::~Presence() {
  const std::scoped_lock lock(hub_.mutex_);
  hub_.present_.erase(place_);
  if (hub_.present_.empty()) hub_.empty_.notify_all();
}

}  // namespace sallyport::workplace
