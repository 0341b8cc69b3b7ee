#include "control/ledger.h"

#include <spdlog/spdlog.h>

#include <utility>

namespace sallyport::control {

namespace {

using base::ErrorKind;
using base::fail;

constexpr int kAttempts = 5;

}  // namespace

Ledger::Ledger(store::Store& store, State::Fixed fixed) : store_(store), fixed_(std::move(fixed)) {}

base::Result<std::unique_ptr<Ledger>> Ledger::open(store::Store& store, State::Fixed fixed) {
  std::unique_ptr<Ledger> ledger(new Ledger(store, std::move(fixed)));
  if (auto loaded = ledger->reload(); !loaded) return fail(loaded.error());
  return ledger;
}

base::Status Ledger::reload() {
  auto inventory = store_.load();
  if (!inventory) return fail(inventory.error());
  auto unfinished = store_.unfinished_updates();
  if (!unfinished) return fail(unfinished.error());
  State fresh(fixed_, std::move(*inventory), *unfinished);
  const std::unique_lock lock(state_mutex_);
  state_ = std::move(fresh);
  stale_ = false;
  return {};
}

base::Status Ledger::write(const Plan& plan) {
  const std::lock_guard writing(write_mutex_);
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (stale_) {
      if (auto loaded = reload(); !loaded) {
        return fail(ErrorKind::kUnavailable, "The store cannot be read; try again: " + loaded.error().message);
      }
    }
    auto transaction = plan(state_);
    if (!transaction) return fail(transaction.error());
    if (!*transaction) return {};
    (*transaction)->based_on = state_.revision();

    const auto revision = store_.commit(**transaction);
    if (!revision) {
      stale_ = true;
      if (revision.error().kind == ErrorKind::kConflict) continue;
      spdlog::warn("store refused a commit: {}", revision.error().message);
      return fail(ErrorKind::kUnavailable,
                  "The change could not be stored and was not made; try again: " + revision.error().message);
    }
    // Someone else wrote in between without touching the same things: take their changes in next time.
    if (*revision != state_.revision().next()) stale_ = true;
    const std::unique_lock lock(state_mutex_);
    state_.apply(**transaction, *revision);
    return {};
  }
  return fail(ErrorKind::kUnavailable,
              "The store was changed by others at every attempt; nothing was changed, try again");
}

model::Revision Ledger::revision() const {
  const std::shared_lock lock(state_mutex_);
  return state_.revision();
}

}  // namespace sallyport::control
