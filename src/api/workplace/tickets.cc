#include "api/workplace/tickets.h"

#include <utility>

#include "base/bytes.h"
#include "base/limits.h"

namespace sallyport::api::workplace {

namespace limits = base::limits;

void Tickets::forget_old(Time now) {
  std::erase_if(kept_, [now](const Kept& kept) { return kept.until <= now; });
}

std::optional<std::string> Tickets::why_not(Time now) {
  const std::lock_guard lock(mutex_);
  forget_old(now);
  if (closed_) return "the server is being stopped; try again in a moment";
  if (kept_.size() < limits::kWorkplaceTickets) return std::nullopt;
  return std::to_string(kept_.size()) + " terminals were asked for and not opened; try again in half a minute";
}

bool Tickets::put(std::string ticket, Pass pass, Time now) {
  const std::lock_guard lock(mutex_);
  forget_old(now);
  if (closed_ || kept_.size() >= limits::kWorkplaceTickets) return false;
  kept_.push_back({std::move(ticket), std::move(pass), now + limits::kWorkplaceTicketTime});
  return true;
}

std::optional<Pass> Tickets::take(std::string_view ticket, Time now) {
  const std::lock_guard lock(mutex_);
  forget_old(now);
  auto found = kept_.end();
  for (auto kept = kept_.begin(); kept != kept_.end(); ++kept) {
    if (base::constant_time_equal(kept->ticket, ticket)) found = kept;
  }
  if (found == kept_.end()) return std::nullopt;
  Pass pass = std::move(found->pass);
  kept_.erase(found);
  return pass;
}

void Tickets::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  kept_.clear();
}

}  // namespace sallyport::api::workplace
