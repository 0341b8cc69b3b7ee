#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/ip_address.h"
#include "gateway/gateway.h"
#include "model/snapshot.h"

namespace sallyport::gateway {

// Which API servers can be reached: a TCP connection to each every few seconds, on a thread of its own, and what
// workers find while connecting. Thread-safe.
class Upstreams {
 public:
  Upstreams();
  ~Upstreams();

  // The pools to watch from now on; servers known before keep their state.
  void watch(const model::Snapshot& snapshot);

  // The pool's servers in the order to try them: healthy ones first, starting at another one each time. When none
  // is healthy all are worth a try.
  std::vector<base::SocketAddress> candidates(const model::Pool& pool);
  void failed(const base::SocketAddress& server, const std::string& problem);
  void succeeded(const base::SocketAddress& server);

  std::map<model::PoolName, std::vector<ServerHealth>> health() const;

 private:
  void run();
  void check(const std::vector<base::SocketAddress>& servers);
  void record(const base::SocketAddress& server, const std::string& problem);

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;
  decltype(model::Snapshot::pools) pools_;
  std::map<base::SocketAddress, std::string> problems_;  // only servers that are down
  std::atomic<std::size_t> turn_{0};
  std::thread thread_;
};

}  // namespace sallyport::gateway
