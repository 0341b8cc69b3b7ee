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
#include <unordered_map>
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
#include "gateway/traffic_table.h"
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

  // Of one cluster, by source and side.
  void count_live(const model::ClusterName& cluster, std::function<void(LiveBySource)> done);
  // Null before there is a snapshot.
  void read_view(std::function<void(std::shared_ptr<const View>)> done);
  // What is passed must live until `done` is called.
  void copy_traffic(const model::Cluster& cluster, const std::vector<std::size_t>& listeners,
                    std::function<void(TrafficCopy)> done);

  const Counters& counters() const { return counters_; }

 private:
  using Clock = std::chrono::steady_clock;

  void run();
  void post(std::function<void()> task);
  void run_tasks();
  int wait_milliseconds() const;
  void expire();
  void watch(Watched& target, int socket, std::uint32_t events);
  // Watches the end for `events`, edge by edge, beside what it is watched for.
  void watch_end(End& end, std::uint32_t events);
  void unwatch(End& end);
  void let_go(End& end);

  // Accepts some of what waits; false once nothing does, or nothing can be accepted now.
  bool on_listener(ListenerSocket& listener);
  void pause_listeners(Clock::time_point until);
  void resume_listeners();
  void close_listener(ListenerSocket& listener);
  void resume_stranger(Stranger stranger);
  Connection& admit_client(base::Descriptor socket, const base::SocketAddress& source, std::size_t listener);
  void adopt(base::Descriptor socket, const base::SocketAddress& source, const ListenerSocket& listener);
  void on_client(Connection& connection, std::uint32_t events);
  void on_upstream(UpstreamEnd& end, std::uint32_t events);
  void relay(Connection& connection, bool from_client, bool from_upstream);
  void take_turns();
  void read_first_bytes(Connection& connection);
  void on_first_bytes(Connection& connection, std::span<const std::uint8_t> fresh);
  void read_proxy_header(Connection& connection);
  void read_client_hello(Connection& connection, std::span<const std::uint8_t> fresh);
  void connect_upstream(Connection& connection);
  void race_or_give_up(Connection& connection);
  bool greet(UpstreamEnd& end);
  void lost(Connection& connection, UpstreamEnd& end, const std::string& problem);
  void spend(std::unique_ptr<UpstreamEnd>& end);
  void start_relay(UpstreamEnd& end);

  void set_deadline(Connection& connection, Clock::duration from_now);
  void clear_deadline(Connection& connection);
  void refuse(Connection& connection, Refusal refusal);
  bool is_private(const Connection& connection) const;
  void reset(Connection& connection);
  void reset_all();
  void close(Connection& connection);
  CutCounts recheck(const View& replaced);
  void recheck(Connection& connection, CutCounts& cuts);
  void set_cluster(Connection& connection, std::shared_ptr<const model::Cluster> cluster);

  const GatewayConfig& config_;
  Upstreams& upstreams_;
  std::atomic<std::int64_t>& room_;
  Counters counters_;
  DenialLog denials_;
  TrafficTable traffic_;

  base::Descriptor epoll_;
  base::Descriptor wake_;
  Watched wake_watch_;
  std::vector<ListenerSocket> listeners_;
  Clock::time_point paused_until_{};

  std::shared_ptr<const View> view_;
  std::uint64_t next_id_;
  std::list<Connection> connections_;
  // Those with a cluster, by its name: a change of a cluster looks at its own connections alone.
  std::unordered_map<model::ClusterName, std::unordered_set<Connection*>> by_cluster_;
  std::list<Connection> closed_;                     // events of the same batch may still name these
  std::vector<std::unique_ptr<UpstreamEnd>> spent_;  // and these
  std::vector<Connection*> turns_;                   // relays with more to move
  std::vector<Connection*> taking_;                  // those whose turn it is
  std::set<std::pair<Clock::time_point, Connection*>> deadlines_;
  Buffers buffers_;

  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace sallyport::gateway
