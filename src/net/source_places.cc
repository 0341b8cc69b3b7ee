#include "net/source_places.h"

namespace sallyport::net {

tl::expected<SourcePlaces::Place, SourcePlaces::Full> SourcePlaces::take(const base::IpAddress& source,
                                                                         std::size_t most) {
  const std::lock_guard lock(mutex_);
  const auto known = by_source_.find(source);
  if (known != by_source_.end() && known->second >= most) return tl::unexpected(Full::kSource);
  if (count_ >= most_of_all_) return tl::unexpected(Full::kAll);
  ++by_source_[source];
  ++count_;
  return Place(*this, source);
}

std::size_t SourcePlaces::count() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void SourcePlaces::leave(const base::IpAddress& source) {
  const std::lock_guard lock(mutex_);
  --count_;
  const auto known = by_source_.find(source);
  if (--known->second == 0) by_source_.erase(known);
}

}  // namespace sallyport::net
