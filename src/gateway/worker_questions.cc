// What a worker tells of its connections.

#include <utility>

#include "gateway/worker.h"

namespace sallyport::gateway {

void Worker::collect(std::size_t limit, std::function<void(std::vector<LiveConnection>)> done) {
  post([this, limit, done = std::move(done)] {
    std::vector<LiveConnection> live;
    for (const Connection& connection : connections_) {
      if (live.size() == limit) break;
      if (connection.phase != Phase::kRelaying) continue;
      live.push_back({.cluster = connection.cluster->name,
                      .source = connection.source.address,
                      .private_arrival = is_private(connection),
                      .bytes_to_upstream = connection.to_upstream.bytes,
                      .bytes_to_client = connection.to_client.bytes});
    }
    done(std::move(live));
  });
}

void Worker::count_live(const model::ClusterName& cluster, std::function<void(LiveBySource)> done) {
  post([this, cluster, done = std::move(done)] {
    LiveBySource live;
    if (const auto found = by_cluster_.find(cluster); found != by_cluster_.end()) {
      for (const Connection* connection : found->second) {
        if (connection->phase == Phase::kRelaying) ++live[{connection->source.address, is_private(*connection)}];
      }
    }
    done(std::move(live));
  });
}

void Worker::read_view(std::function<void(std::shared_ptr<const View>)> done) {
  post([this, done = std::move(done)] { done(view_); });
}

void Worker::copy_traffic(const model::Cluster& cluster, const std::vector<std::size_t>& listeners,
                          std::function<void(TrafficCopy)> done) {
  post([this, &cluster, &listeners, done = std::move(done)] { done(traffic_.copy(cluster, listeners)); });
}

bool Worker::is_private(const Connection& connection) const {
  return config_.listeners[connection.listener].side == model::Listener::Side::kPrivate;
}

}  // namespace sallyport::gateway
