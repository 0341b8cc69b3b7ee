#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "bench/enforce_world.h"
#include "control/control_plane.h"
#include "dns/dns_server.h"
#include "gateway/gateway.h"
#include "store/sqlite/sqlite_store.h"

namespace sallyport::bench {

// The control plane over a SQLite file in a folder of its own, with a real gateway and a real DNS server as its nodes.
class ControlBench {
 public:
  using Duration = std::chrono::steady_clock::duration;

  // Fills the store; gateway and DNS outlive the bench.
  ControlBench(const Allowlists& lists, Size size, std::vector<model::Listener> listeners, gateway::Gateway& gateway,
               dns::DnsServer& dns)
      : listeners_(std::move(listeners)), gateway_(gateway), dns_(dns) {
    std::string pattern = (std::filesystem::temp_directory_path() / "sallyport-bench-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    folder_ = pattern;
    auto opened = store::open_sqlite_store((folder_ / "state.db").string());
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = *std::move(opened);
    fill(lists, size);
  }
  ~ControlBench() {
    control_.reset();
    store_.reset();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  ControlBench(const ControlBench&) = delete;
  ControlBench& operator=(const ControlBench&) = delete;

  // Until every node enforces the first snapshot.
  Duration start() {
    control::Settings settings;
    settings.account = model::AccountId("000000000000");
    settings.region = model::Region("us-east-1");
    settings.zone = "sallyport.internal";
    settings.listeners = listeners_;
    settings.pools = {pool()};
    settings.default_vpc_cidr = model::Cidr::of(base::IpAddress::v4(0xac1f0000U), 16);
    settings.acknowledge_time = std::chrono::minutes(10);
    const auto begin = std::chrono::steady_clock::now();
    auto started = control::ControlPlane::start(
        *store_, clock_, entropy_, std::move(settings),
        {{"gateway", [this](model::SnapshotPtr snapshot,
                            model::AcknowledgeFn done) { gateway_.apply(std::move(snapshot), std::move(done)); }},
         {"dns", [this](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
            dns_.apply(std::move(snapshot), std::move(done));
          }}});
    if (!started) throw std::runtime_error(started.error().message);
    control_ = *std::move(started);
    const auto behind = [this] {
      const control::Status status = control_->status();
      return std::ranges::any_of(status.nodes, [&](const auto& node) { return node.acknowledged < status.stored; });
    };
    while (behind())
      std::this_thread::sleep_for(kLook);
    return std::chrono::steady_clock::now() - begin;
  }

  // From the request to `Successful`, seen by asking for the update again and again.
  Duration update(const model::Cluster& wanted) {
    control::UpdateAccessRequest access;
    access.public_access_cidrs = wanted.access.public_access_cidrs.entries();
    const auto begin = std::chrono::steady_clock::now();
    const auto update = control_->update_cluster({wanted.name, access, "", ""}, {});
    if (!update) throw std::runtime_error(update.error().message);
    while (true) {
      const auto now = control_->describe_update(wanted.name, update->id);
      if (!now) throw std::runtime_error(now.error().message);
      if (now->status == model::UpdateStatus::kSuccessful) return std::chrono::steady_clock::now() - begin;
      if (now->status != model::UpdateStatus::kInProgress) throw std::runtime_error("an update failed");
      std::this_thread::sleep_for(kLook);
    }
  }

 private:
  static constexpr auto kLook = std::chrono::microseconds(200);
  static constexpr std::uint32_t kPutsAtOnce = 1'000;

  void fill(const Allowlists& lists, Size size) {
    store::Transaction transaction;
    const auto commit = [&] {
      transaction.based_on = revision_;
      const auto committed = store_->commit(transaction);
      if (!committed) throw std::runtime_error(committed.error().message);
      revision_ = *committed;
      transaction = {};
    };
    transaction.puts.emplace_back(home_vpc());
    for (std::uint32_t i = 0; i < size.clusters; ++i) {
      transaction.puts.emplace_back(group_of(i));
      transaction.puts.emplace_back(lists.cluster(i));
      if (transaction.puts.size() >= kPutsAtOnce) commit();
    }
    commit();
  }

  const std::vector<model::Listener> listeners_;
  gateway::Gateway& gateway_;
  dns::DnsServer& dns_;
  const base::SystemClock clock_;
  base::SystemEntropy entropy_;
  std::filesystem::path folder_;
  model::Revision revision_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<control::ControlPlane> control_;
};

}  // namespace sallyport::bench
