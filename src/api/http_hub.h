#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>

#include "api/http_server.h"

namespace sallyport::api {

// A connection, as the server sees it.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;
  // Any thread. Closes the connection as soon as no request is under way on it.
  virtual void finish() = 0;
};

// What a server and its connections share. Thread-safe; outlives every connection.
class HttpHub {
 public:
  HttpHub(HttpHandler handle, base::Millis time, UpgradeHandler* upgrade_handler)
      : handler(std::move(handle)), request_time(time), upgrades(upgrade_handler) {}

  const HttpHandler handler;
  const base::Millis request_time;
  UpgradeHandler* const upgrades;  // may be null
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> rejected{0};

  bool draining() const { return draining_.load(); }
  std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
  }

  void joined(HttpConnection& connection) {
    const std::lock_guard lock(mutex_);
    connections_.insert(&connection);
    if (draining_) connection.finish();
  }
  // It has left HTTP: no request will be under way on it.
  void upgraded(HttpConnection& connection) {
    const std::lock_guard lock(mutex_);
    connections_.erase(&connection);
    upgraded_.insert(&connection);
    empty_.notify_all();
  }
  void left(HttpConnection& connection) {
    const std::lock_guard lock(mutex_);
    connections_.erase(&connection);
    upgraded_.erase(&connection);
    empty_.notify_all();
  }

  // Asks every connection to finish and waits until the last has left, or `patience` is over; those that left HTTP get
  // kWorkplaceGoodbyeTime.
  void drain(base::Millis patience) {
    std::unique_lock lock(mutex_);
    draining_ = true;
    for (HttpConnection* connection : connections_)
      connection->finish();
    for (HttpConnection* connection : upgraded_)
      connection->finish();
    empty_.wait_for(lock, patience, [this] { return connections_.empty(); });
    empty_.wait_for(lock, base::limits::kWorkplaceGoodbyeTime, [this] { return upgraded_.empty(); });
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable empty_;
  std::set<HttpConnection*> connections_;
  std::set<HttpConnection*> upgraded_;
  std::atomic<bool> draining_{false};
};

}  // namespace sallyport::api
