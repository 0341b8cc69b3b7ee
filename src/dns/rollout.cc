#include "dns/rollout.h"

#include <utility>

namespace sallyport::dns {

Rollout::Rollout(model::Revision revision, std::size_t workers, model::AcknowledgeFn acknowledge)
    : revision_(revision), missing_(workers), acknowledge_(std::move(acknowledge)) {}

Rollout::~Rollout() {
  if (missing_.load(std::memory_order_acquire) == 0) return;
  acknowledge_({revision_, {}, base::Error{base::ErrorKind::kUnavailable, "the DNS server stopped", ""}});
}

void Rollout::arrived() {
  if (missing_.fetch_sub(1, std::memory_order_acq_rel) == 1) acknowledge_({revision_, {}, std::nullopt});
}

}  // namespace sallyport::dns
