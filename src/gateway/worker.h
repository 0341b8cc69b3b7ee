#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <span>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "base/descriptor.h"
#include "gateway/admission.h"
#include "gateway/connection.h"
#include "gateway/counters.h"
#include "gateway/denial_log.h"
#include "gateway/gateway.h"
#include "gateway/succession.h"
#include "gateway/upstreams.h"
#include "gateway/view.h"

namespace sallyport::gateway {

// One thread with an event loop, its own listening sockets and its own connections. Public methods are
// thread-safe; what they ask for happens on the thread.
class Worker {
 public:
  // `config`, `upstreams` and `room` outlive the worker. `room` is how many more connections all workers together
  // may take; `first_id` is that of its first connection. Accepts at once, or from `begin` on.
  Worker(const GatewayConfig& config, std::vector<ListenerSocket> listeners, Upstreams& upstreams,
         std::atomic<std::int64_t>& room, std::uint64_t first_id = 0, bool accepting = true);
  ~Worker();  // closes every connection

  // Admits by `view` from now on, and resets nothing: it admits all that the view before did. Then calls `done`.
  void open(std::shared_ptr<const View> view, std::function<void()> done);
  // Uses `view` from now on, resets the connections it no longer allows, then calls `done` with their number by
  // cluster.
  void swap(std::shared_ptr<const View> view, std::function<void(CutCounts)> done);
  // Takes the connections that wait, as far as there is room, closes the listening sockets, then calls `done`.
  void stop_accepting(std::function<void()> done);
  // As Succession has them.
  void begin(std::vector<Stranger> strangers);
  void release(std::function<void(std::vector<Stranger>)> done);
  void relays(std::function<void(std::vector<Relay>)> done);
  void cut(std::shared_ptr<const std::unordered_set<std::uint64_t>> ids, std::function<void(std::uint64_t)> done);
  void each_listener(std::function<void(ListenerSocket&)> action, std::function<void()> done);
  // Resets every connection, then calls `done`.
  void close_all(std::function<void()> done);
  // Takes the kernel filter off the listening sockets.
  void drop_filters();
  void collect(std::size_t limit, std::function<void(std::vector<LiveConnection>)> done);

  const Counters& counters() const { return counters_; }

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void post(std::function<void()> task);
  void run_tasks();
  int wait_milliseconds() const;
  void expire();
  void watch(Watched& target, int socket, std::uint32_t events);
  void rewatch(End& end, std::uint32_t events);
  void unwatch(End& end);

  // Accepts some of what waits; false once nothing does, or nothing can be accepted now.
  bool on_listener(ListenerSocket& listener);
  void pause_listeners(Clock::time_point until);
  void resume_listeners();
  void close_listener(ListenerSocket& listener);
  void resume_stranger(Stranger stranger);
  Connection& admit_client(base::Descriptor socket, const base::SocketAddress& source, std::size_t listener);
  void adopt(base::Descriptor socket, const base::SocketAddress& source, const ListenerSocket& listener);
  void on_client(Connection& connection, std::uint32_t events);
  void on_upstream(Connection& connection, std::uint32_t events);
  void on_relay(Connection& connection, Watched::Kind side, std::uint32_t events);
  void read_first_bytes(Connection& connection);
  void read_proxy_header(Connection& connection);
  void read_client_hello(Connection& connection, std::span<const std::uint8_t> fresh);
  void connect_upstream(Connection& connection);
  void finish_connect(Connection& connection);
  void after_relay(Connection& connection, RelayState state);

  void set_deadline(Connection& connection, Clock::duration from_now);
  void clear_deadline(Connection& connection);
  void refuse(Connection& connection, Refusal refusal);
  void reset(Connection& connection);
  void close(Connection& connection);
  CutCounts recheck(const View& replaced);

  const GatewayConfig& config_;
  Upstreams& upstreams_;
  std::atomic<std::int64_t>& room_;
  Counters counters_;
  DenialLog denials_;

  base::Descriptor epoll_;
  base::Descriptor wake_;
  Watched wake_watch_;
  std::vector<ListenerSocket> listeners_;
  Clock::time_point paused_until_{};

  std::shared_ptr<const View> view_;
  std::uint64_t next_id_;
  std::list<Connection> connections_;
  std::list<Connection> closed_;  // events of the same batch may still name them
  std::set<std::pair<Clock::time_point, Connection*>> deadlines_;
  std::vector<std::uint8_t> buffer_;

  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sallyport::gateway
