// What a worker gives to, and takes from, a worker of another process.

#include <sys/epoll.h>

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "gateway/worker.h"

namespace sallyport::gateway {

void Worker::begin(std::vector<Stranger> strangers) {
  // A task must be copyable.
  post([this, strangers = std::make_shared<std::vector<Stranger>>(std::move(strangers))] {
    traffic_.begin(Clock::now());  // until now another process counted
    for (Stranger& stranger : *strangers)
      resume_stranger(std::move(stranger));
    resume_listeners();
  });
}

void Worker::resume_stranger(Stranger stranger) {
  const auto& listeners = config_.listeners;
  const auto at = std::ranges::find_if(
      listeners, [&](const model::Listener& listener) { return handed_name(listener) == stranger.listener; });
  if (at == listeners.end() || room_.fetch_sub(1, std::memory_order_relaxed) <= 0) {
    if (at != listeners.end()) room_.fetch_add(1, std::memory_order_relaxed);
    return Counters::add(counters_.refused_overload);
  }
  const auto listener = static_cast<std::size_t>(at - listeners.begin());
  Connection& connection = admit_client(std::move(stranger.socket), stranger.source, listener);
  if (view_ == nullptr) return refuse(connection, Refusal::kNoSnapshot);
  connection.phase = stranger.proxy_header_due ? Phase::kProxyHeader : Phase::kClientHello;
  if (!stranger.proxy_header_due && !admitted_anywhere(*view_, listener, connection.source.address)) {
    return refuse(connection, Refusal::kNotAdmittedAnywhere);
  }
  set_deadline(connection, base::limits::kClientHelloTime);
  if (!stranger.received.empty()) {
    connection.received = std::move(stranger.received);
    stranger.proxy_header_due ? read_proxy_header(connection) : read_client_hello(connection, connection.received);
  }
  read_first_bytes(connection);
}

void Worker::release(std::function<void(std::vector<Stranger>)> done) {
  post([this, done = std::move(done)] {
    for (ListenerSocket& listener : listeners_)
      close_listener(listener);
    std::vector<Stranger> strangers;
    for (auto next = connections_.begin(); next != connections_.end();) {
      Connection& connection = *next++;
      if (connection.phase != Phase::kProxyHeader && connection.phase != Phase::kClientHello) continue;
      unwatch(connection.client);
      strangers.push_back({.socket = std::move(connection.client.socket),
                           .listener = handed_name(config_.listeners[connection.listener]),
                           .source = connection.source,
                           .proxy_header_due = connection.phase == Phase::kProxyHeader,
                           .received = std::move(connection.received)});
      close(connection);
    }
    done(std::move(strangers));
  });
}

void Worker::relays(std::function<void(std::vector<Relay>)> done) {
  post([this, done = std::move(done)] {
    std::vector<std::string> names;
    for (const model::Listener& listener : config_.listeners)
      names.push_back(handed_name(listener));
    std::vector<Relay> relays;
    for (const Connection& connection : connections_) {
      if (connection.cluster == nullptr) continue;
      relays.push_back({.id = connection.id,
                        .cluster = connection.cluster->name,
                        .endpoint = connection.cluster->endpoint_id,
                        .listener = names[connection.listener],
                        .source = connection.source.address});
    }
    done(std::move(relays));
  });
}

void Worker::cut(std::shared_ptr<const std::unordered_set<std::uint64_t>> ids,
                 std::function<void(std::uint64_t)> done) {
  post([this, ids = std::move(ids), done = std::move(done)] {
    std::uint64_t count = 0;
    for (auto next = connections_.begin(); next != connections_.end();) {
      Connection& connection = *next++;
      if (!ids->contains(connection.id)) continue;
      ++count;
      Counters::add(counters_.cut);
      reset(connection);
    }
    done(count);
  });
}

void Worker::each_listener(std::function<void(ListenerSocket&)> action, std::function<void()> done) {
  post([this, action = std::move(action), done = std::move(done)] {
    for (ListenerSocket& listener : listeners_) {
      if (listener.socket.valid()) action(listener);
    }
    done();
  });
}

}  // namespace sallyport::gateway
