#include "gateway/view.h"

#include <algorithm>
#include <utility>

namespace sallyport::gateway {

namespace {

std::optional<policy::Arrival> arrival_at(const model::Listener& configured, const model::Snapshot& snapshot) {
  if (configured.side == model::Listener::Side::kPublic) return policy::Arrival::at_public();
  const auto placed = std::ranges::find_if(snapshot.listeners, [&](const model::Listener& listener) {
    return listener.side == configured.side && listener.bind == configured.bind && listener.device == configured.device;
  });
  if (placed == snapshot.listeners.end() || !placed->vpc) return std::nullopt;
  return policy::Arrival::at_private(*placed->vpc);
}

// Whether what private listeners of the VPC admit is the same in both.
bool same_at_private(const View& before, const View& after, const model::VpcId& vpc) {
  return before.snapshot->find_vpc(vpc) == after.snapshot->find_vpc(vpc) &&
         before.admissions.any_at_private(vpc) == after.admissions.any_at_private(vpc);
}

}  // namespace

std::shared_ptr<const View> compile(model::SnapshotPtr snapshot, const std::vector<model::Listener>& listeners,
                                    const View* before) {
  auto view = std::make_shared<View>();
  view->snapshot = std::move(snapshot);
  if (before != nullptr) view->admissions = before->admissions;
  view->admissions.follow(before == nullptr ? nullptr : before->snapshot.get(), *view->snapshot);
  for (std::size_t i = 0; i < listeners.size(); ++i) {
    ListenerView compiled;
    compiled.arrival = arrival_at(listeners[i], *view->snapshot);
    if (compiled.arrival && compiled.arrival->is_public()) {
      compiled.admitted = view->admissions.at_public();
    } else if (compiled.arrival) {
      const model::VpcId& vpc = *compiled.arrival->private_vpc;
      const ListenerView* earlier = before == nullptr ? nullptr : &before->listeners[i];
      const bool kept = earlier != nullptr && earlier->arrival && earlier->arrival->private_vpc == vpc &&
                        same_at_private(*before, *view, vpc);
      compiled.admitted = kept ? earlier->admitted : view->admissions.at_private(*view->snapshot, vpc);
    }
    view->listeners.push_back(std::move(compiled));
  }
  return view;
}

bool same_networks(const model::Snapshot& a, const model::Snapshot& b) {
  return a.listeners == b.listeners && a.vpcs == b.vpcs && a.subnets == b.subnets &&
         a.security_groups == b.security_groups && a.objects == b.objects;
}

}  // namespace sallyport::gateway
