#pragma once

#include <string>
#include <vector>

#include "model/snapshot.h"

namespace sallyport::control {

struct PlacedListeners {
  std::vector<model::Listener> listeners;
  // One sentence for each private listener that belongs to no VPC and so serves nobody.
  std::vector<std::string> problems;
};

// The configured listeners with vpc and subnet of the private ones filled in: those of the configured
// subnet, else of the one subnet that contains the advertised address (of the configured VPC, if one is
// configured). Where none or several do, both stay empty. Pure.
PlacedListeners placed_listeners(const std::vector<model::Listener>& configured, const model::Snapshot& world);

}  // namespace sallyport::control
