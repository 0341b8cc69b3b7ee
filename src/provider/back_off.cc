#include "provider/back_off.h"

#include <algorithm>

#include "base/limits.h"

namespace sallyport::provider {

BackOff::Duration BackOff::after_end(Duration lived) {
  namespace limits = base::limits;
  if (lived >= limits::kProviderCalmTime) last_.reset();
  last_ = last_ ? std::min<Duration>(*last_ * 2, limits::kProviderLongestPause) : limits::kProviderFirstPause;
  return *last_;
}

}  // namespace sallyport::provider
