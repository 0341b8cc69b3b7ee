#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <csignal>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/gateway.h"
#include "gateway/test_peers.h"

// A gateway with a snapshot that tests change at will.
namespace sallyport::gateway::test {

inline const std::string kHost = "0123456789ABCDEF0123456789ABCDEF.gr1.us-east-1.eks.sallyport.internal";

// A gateway in front of one cluster, "prod", whose endpoint is kHost. Tests change `snapshot` and apply it again.
class Bench : public ::testing::Test {
 protected:
  Bench() {
    // OpenSSL writes to sockets without MSG_NOSIGNAL.
    std::signal(SIGPIPE, SIG_IGN);
    config.workers = 2;
    config.kernel_filter = false;
    model::Listener door;
    door.bind = door.advertise = unused_address();
    config.listeners = {door};
    snapshot.region = model::Region("us-east-1");
    snapshot.zone = "sallyport.internal";
    snapshot.listeners = config.listeners;
    admit({"127.0.0.0/8"});
  }

  base::SocketAddress door(std::size_t index = 0) const { return config.listeners[index].bind; }

  model::Cluster cluster() const {
    const model::Cluster* present = snapshot.find_cluster(model::ClusterName("prod"));
    if (present != nullptr) return *present;
    model::Cluster made;
    made.name = model::ClusterName("prod");
    made.endpoint_id = model::EndpointId("0123456789ABCDEF0123456789ABCDEF");
    made.status = model::ClusterStatus::kActive;
    made.pool = model::PoolName("pool");
    return made;
  }
  void admit(const std::vector<std::string_view>& blocks) {
    model::Cluster changed = cluster();
    std::vector<model::Cidr> cidrs;
    for (const auto& block : blocks)
      cidrs.push_back(cidr(block));
    changed.access.public_access_cidrs = model::CidrSet(std::move(cidrs));
    snapshot.put_cluster(std::move(changed));
  }
  void use(const std::vector<base::SocketAddress>& servers, bool proxied = false) {
    auto pool = std::make_shared<model::Pool>();
    pool->name = model::PoolName("pool");
    pool->servers = servers;
    pool->send_proxy_protocol = proxied;
    snapshot.pools[pool->name] = std::move(pool);
  }

  void start() {
    auto started = Gateway::start(config);
    ASSERT_TRUE(started) << started.error().message;
    gateway = std::move(*started);
    apply();
  }
  model::Acknowledgement apply() {
    snapshot.revision = snapshot.revision.next();
    auto answer = std::make_shared<std::promise<model::Acknowledgement>>();
    auto future = answer->get_future();
    gateway->apply(std::make_shared<const model::Snapshot>(snapshot),
                   [answer](model::Acknowledgement acknowledgement) { answer->set_value(std::move(acknowledgement)); });
    if (future.wait_for(std::chrono::seconds(20)) != std::future_status::ready) {
      ADD_FAILURE() << "no acknowledgement";
      return {};
    }
    return future.get();
  }
  std::uint64_t denied(const std::string& reason) const {
    const auto stats = gateway->stats();
    const auto found = stats.denied.find(reason);
    return found == stats.denied.end() ? 0 : found->second;
  }

  GatewayConfig config;
  model::Snapshot snapshot;
  std::unique_ptr<Gateway> gateway;
};

}  // namespace sallyport::gateway::test
