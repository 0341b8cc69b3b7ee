#pragma once

#include <memory>
#include <vector>

#include "base/named_descriptors.h"
#include "base/result.h"
#include "gateway/connection.h"
#include "gateway/gateway.h"
#include "gateway/syn_filter.h"

// The listening sockets of a gateway and the kernel filters in front of them.
namespace sallyport::gateway {

using SocketsByWorker = std::vector<std::vector<ListenerSocket>>;

struct OpenListeners {
  SocketsByWorker sockets;
  std::vector<std::unique_ptr<SynFilter>> filters;  // one a listener, or none at all
};

// A socket of every listener for each of `config.workers`. Those that an earlier process handed over are all taken,
// however many it had: what waits at one nobody accepts from would be lost.
base::Result<OpenListeners> open_listeners(const GatewayConfig& config, base::NamedDescriptors& handed);

void hand_over_filter(const model::Listener& listener, const SynFilter& filter, base::NamedDescriptors& to);

}  // namespace sallyport::gateway
