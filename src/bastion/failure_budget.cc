#include "bastion/failure_budget.h"

#include <algorithm>

#include "base/limits.h"
#include "net/source_network.h"

namespace sallyport::bastion {

namespace {

constexpr FailureBudget::Steady::duration kPause = base::limits::kBastionFailurePause;

}  // namespace

bool FailureBudget::left(const base::IpAddress& source, Steady::time_point now) const {
  const auto debt = debts_.find(net::network_of(source));
  return debt == debts_.end() || debt->second <= now + (base::limits::kBastionFailures - 1) * kPause;
}

void FailureBudget::spend(const base::IpAddress& source, Steady::time_point now) {
  const base::IpAddress network = net::network_of(source);
  auto debt = debts_.find(network);
  if (debt == debts_.end()) {
    if (debts_.size() >= capacity_) make_room(now);
    debt = debts_.emplace(network, now).first;
  }
  debt->second = std::max(debt->second, now) + kPause;
}

void FailureBudget::make_room(Steady::time_point now) {
  std::erase_if(debts_, [&](const auto& debt) { return debt.second <= now; });
  if (debts_.size() < capacity_) return;
  debts_.erase(std::ranges::min_element(debts_, {}, [](const auto& debt) { return debt.second; }));
}

}  // namespace sallyport::bastion
