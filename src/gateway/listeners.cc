#include "gateway/listeners.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include "gateway/sockets.h"

namespace sallyport::gateway {

namespace {

std::string program_name(const model::Listener& listener) { return handed_name(listener) + " filter program"; }
std::string admitted_name(const model::Listener& listener) { return handed_name(listener) + " filter admitted"; }
std::string dropped_name(const model::Listener& listener) { return handed_name(listener) + " filter dropped"; }
std::string refused_name(const model::Listener& listener) { return handed_name(listener) + " filter refused"; }

ListenerSocket listener_socket(base::Descriptor socket, std::size_t index) {
  ListenerSocket listener;
  listener.kind = Watched::Kind::kListener;
  listener.socket = std::move(socket);
  listener.index = index;
  return listener;
}

base::Result<SocketsByWorker> open_sockets(const GatewayConfig& config, base::NamedDescriptors& handed) {
  SocketsByWorker sockets(config.workers);
  for (std::size_t index = 0; index < config.listeners.size(); ++index) {
    const model::Listener& listener = config.listeners[index];
    auto present = handed.take_all(handed_name(listener));
    const std::size_t missing = config.workers - std::min<std::size_t>(config.workers, present.size());
    if (present.empty()) {
      if (auto unused = check_unused(listener); !unused) return base::fail(unused.error());
    }
    // A further socket would have its share of what comes at once, and nobody to accept it before this process begins.
    const std::size_t handed_over = present.size();
    for (std::size_t i = 0; i < missing && handed_over > 0; ++i)
      present.push_back(present[i % handed_over].duplicate());
    for (std::size_t i = 0; i < missing && handed_over == 0; ++i) {
      auto opened = open_listener(listener);
      if (!opened) return base::fail(opened.error());
      present.push_back(std::move(*opened));
    }
    for (std::size_t i = 0; i < present.size(); ++i)
      sockets[i % sockets.size()].push_back(listener_socket(std::move(present[i]), index));
  }
  return sockets;
}

// A new filter admits nobody before the first snapshot. In front of a socket that another process still serves it
// would refuse whom that one admits.
base::Result<std::unique_ptr<SynFilter>> filter_of(const model::Listener& listener, bool inherited,
                                                   base::NamedDescriptors& handed) {
  SynFilter::Handed of_predecessor{.program = handed.take(program_name(listener)),
                                   .admitted = handed.take(admitted_name(listener)),
                                   .dropped = handed.take(dropped_name(listener)),
                                   .refused = handed.take(refused_name(listener))};
  return inherited ? SynFilter::adopt(std::move(of_predecessor)) : SynFilter::load();
}

// All or none.
base::Result<std::vector<std::unique_ptr<SynFilter>>> attach_filters(const GatewayConfig& config,
                                                                     const std::vector<bool>& inherited,
                                                                     SocketsByWorker& sockets,
                                                                     base::NamedDescriptors& handed) {
  std::vector<std::unique_ptr<SynFilter>> filters;
  for (std::size_t index = 0; index < config.listeners.size(); ++index) {
    auto made = filter_of(config.listeners[index], inherited[index], handed);
    if (!made) return base::fail(made.error());
    for (auto& of_worker : sockets) {
      for (ListenerSocket& listener : of_worker) {
        if (listener.index != index) continue;
        if (auto attached = (*made)->attach(listener.socket.get()); !attached) {
          return base::fail(attached.error());
        }
        listener.filtered = true;
      }
    }
    filters.push_back(std::move(*made));
  }
  return filters;
}

void detach_filters(SocketsByWorker& sockets) {
  for (auto& of_worker : sockets) {
    for (ListenerSocket& listener : of_worker) {
      SynFilter::detach(listener.socket.get());
      listener.filtered = false;
    }
  }
}

}  // namespace

base::Result<OpenListeners> open_listeners(const GatewayConfig& config, base::NamedDescriptors& handed) {
  std::vector<bool> inherited;
  for (const model::Listener& listener : config.listeners) {
    inherited.push_back(std::ranges::any_of(
        handed.entries(), [name = handed_name(listener)](const auto& entry) { return entry.name == name; }));
  }
  auto sockets = open_sockets(config, handed);
  if (!sockets) return base::fail(sockets.error());
  OpenListeners opened{.sockets = std::move(*sockets), .filters = {}};
  if (config.kernel_filter && !config.listeners.empty()) {
    auto attached = attach_filters(config, inherited, opened.sockets, handed);
    if (attached) {
      opened.filters = std::move(*attached);
      return opened;
    }
    spdlog::info("kernel filter not used, user space enforces alone reason=\"{}\"", attached.error().message);
  }
  detach_filters(opened.sockets);
  return opened;
}

void hand_over_filter(const model::Listener& listener, const SynFilter& filter, base::NamedDescriptors& to) {
  SynFilter::Handed handed = filter.duplicate();
  to.add(program_name(listener), std::move(handed.program));
  to.add(admitted_name(listener), std::move(handed.admitted));
  to.add(dropped_name(listener), std::move(handed.dropped));
  if (handed.refused.valid()) to.add(refused_name(listener), std::move(handed.refused));
}

}  // namespace sallyport::gateway
