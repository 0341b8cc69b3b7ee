#include "gateway/view.h"

#include <algorithm>
#include <utility>

namespace sallyport::gateway {

std::shared_ptr<const View> compile(model::SnapshotPtr snapshot, const std::vector<model::Listener>& listeners) {
  auto view = std::make_shared<View>();
  for (const model::Listener& configured : listeners) {
    ListenerView compiled;
    if (configured.side == model::Listener::Side::kPublic) {
      compiled.arrival = policy::Arrival::at_public();
    } else {
      const auto placed = std::ranges::find_if(snapshot->listeners, [&](const model::Listener& listener) {
        return listener.side == configured.side && listener.bind == configured.bind &&
               listener.device == configured.device;
      });
      if (placed != snapshot->listeners.end() && placed->vpc)
        compiled.arrival = policy::Arrival::at_private(*placed->vpc);
    }
    if (compiled.arrival) compiled.admitted = policy::admitted_anywhere(*snapshot, *compiled.arrival);
    view->listeners.push_back(std::move(compiled));
  }
  view->snapshot = std::move(snapshot);
  return view;
}

bool same_networks(const model::Snapshot& a, const model::Snapshot& b) {
  return a.listeners == b.listeners && a.vpcs == b.vpcs && a.subnets == b.subnets &&
         a.security_groups == b.security_groups && a.objects == b.objects;
}

}  // namespace sallyport::gateway
