#include "control/listener_places.h"

namespace sallyport::control {

namespace {

using model::Listener;

// Empty when the listener found its place.
std::string place(Listener& listener, const model::Snapshot& world) {
  const auto wanted_subnet = listener.subnet;
  const auto wanted_vpc = listener.vpc;
  listener.subnet.reset();
  listener.vpc.reset();
  const auto problem = [&](const std::string& why) {
    return "private listener " + listener.advertise.to_string() + " serves nobody: " + why;
  };
  if (wanted_subnet) {
    const model::Subnet* subnet = world.find_subnet(*wanted_subnet);
    if (subnet == nullptr) return problem("its subnet " + wanted_subnet->str() + " does not exist");
    listener.subnet = subnet->id;
    listener.vpc = subnet->vpc;
    return {};
  }
  const model::Subnet* found = nullptr;
  for (const auto& [id, subnet] : world.subnets) {
    if (!subnet->cidr_block.contains(listener.advertise.address)) continue;
    if (wanted_vpc && subnet->vpc != *wanted_vpc) continue;
    if (found != nullptr) {
      return problem("several subnets contain its address; name one with subnet = \"subnet-…\"");
    }
    found = subnet.get();
  }
  if (found == nullptr) return problem("no subnet contains its address");
  listener.subnet = found->id;
  listener.vpc = found->vpc;
  return {};
}

}  // namespace

PlacedListeners placed_listeners(const std::vector<Listener>& configured, const model::Snapshot& world) {
  PlacedListeners result;
  for (Listener listener : configured) {
    if (listener.side == Listener::Side::kPrivate) {
      if (std::string problem = place(listener, world); !problem.empty()) result.problems.push_back(std::move(problem));
    }
    result.listeners.push_back(std::move(listener));
  }
  return result;
}

}  // namespace sallyport::control
