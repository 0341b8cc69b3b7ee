#include "app/switch_order.h"

#include <algorithm>
#include <exception>
#include <string>
#include <utility>

namespace sallyport::app {

namespace {

// A node that throws has failed; the snapshots after this one must still reach it.
void hand_over(const model::ApplyFn& apply, const model::SnapshotPtr& snapshot, const model::AcknowledgeFn& done) {
  std::string why;
  try {
    apply(snapshot, done);
    return;
  } catch (const std::exception& error) {
    why = error.what();
  }
  done({.revision = snapshot->revision,
        .connections_cut = {},
        .error = base::Error{base::ErrorKind::kInternal, "the snapshot was not taken: " + why, {}}});
}

}  // namespace

SwitchOrder::SwitchOrder(model::ApplyFn gateway, model::ApplyFn dns)
    : gateway_(std::move(gateway)), dns_(std::move(dns)) {}

void SwitchOrder::apply_to_gateway(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge) {
  std::unique_lock lock(mutex_);
  next_.snapshot = std::move(snapshot);
  next_.gateway.push_back(std::move(acknowledge));
  begin(std::move(lock));
}

void SwitchOrder::apply_to_dns(const model::SnapshotPtr& snapshot, model::AcknowledgeFn acknowledge) {
  std::unique_lock lock(mutex_);
  next_.dns_given = snapshot->revision;
  next_.dns.push_back(std::move(acknowledge));
  begin(std::move(lock));
}

void SwitchOrder::begin(std::unique_lock<std::mutex> lock) {
  if (busy_ || next_.snapshot == nullptr || next_.dns_given != next_.snapshot->revision) return;
  busy_ = true;
  present_ = std::exchange(next_, {});
  const model::SnapshotPtr snapshot = present_.snapshot;
  Acknowledgers waiting = std::exchange(present_.gateway, {});
  lock.unlock();
  const model::AcknowledgeFn done = [this,
                                     waiting = std::move(waiting)](const model::Acknowledgement& acknowledgement) {
    gateway_done(waiting, acknowledgement);
  };
  hand_over(gateway_, snapshot, done);
}

bool SwitchOrder::opened(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  const model::SnapshotPtr snapshot = present_.snapshot;
  Acknowledgers waiting = std::exchange(present_.dns, {});
  lock.unlock();
  const model::AcknowledgeFn done = [this,
                                     waiting = std::move(waiting)](const model::Acknowledgement& acknowledgement) {
    dns_done(waiting, acknowledgement);
  };
  hand_over(dns_, snapshot, done);
  lock.lock();
  return turned_.wait_for(lock, patience, [&] { return answered_ >= snapshot->revision; });
}

void SwitchOrder::gateway_done(const Acknowledgers& waiting, const model::Acknowledgement& acknowledgement) {
  std::unique_lock lock(mutex_);
  // A gateway that fails before it opened anything leaves DNS where it was.
  const Acknowledgers left_out = std::exchange(present_.dns, {});
  lock.unlock();
  // The cuts are told once.
  model::Acknowledgement told = acknowledgement;
  for (const model::AcknowledgeFn& acknowledge : waiting) {
    acknowledge(told);
    told.connections_cut.clear();
  }
  for (const model::AcknowledgeFn& acknowledge : left_out)
    acknowledge(told);
  lock.lock();
  busy_ = false;
  begin(std::move(lock));
}

void SwitchOrder::dns_done(const Acknowledgers& waiting, const model::Acknowledgement& acknowledgement) {
  for (const model::AcknowledgeFn& acknowledge : waiting)
    acknowledge(acknowledgement);
  const std::lock_guard lock(mutex_);
  answered_ = std::max(answered_, acknowledgement.revision);
  turned_.notify_all();
}

}  // namespace sallyport::app
