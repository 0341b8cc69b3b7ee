#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/test_folder.h"
#include "control/control_plane.h"
#include "store/sqlite/sqlite_store.h"

// What the tests of this room share: a directory with a real store, nodes that do as they are told, and
// requests with everything filled in.
namespace sallyport::control::test {

using namespace std::chrono_literals;

inline model::Cidr cidr(const std::string& text) { return model::Cidr::parse(text).value(); }
inline std::vector<model::Cidr> cidrs(const std::vector<std::string>& texts) {
  std::vector<model::Cidr> blocks;
  for (const std::string& text : texts)
    blocks.push_back(cidr(text));
  return blocks;
}

// Passes everything on; commits go through a gate that a test may replace.
class GatedStore final : public store::Store {
 public:
  using Gate = std::function<base::Result<model::Revision>(store::Store&, const store::Transaction&)>;

  explicit GatedStore(std::unique_ptr<store::Store> inner) : inner_(std::move(inner)) {}
  // Null opens the gate again.
  void set_gate(Gate gate) {
    const std::lock_guard lock(mutex_);
    gate_ = std::move(gate);
  }

  base::Result<store::Inventory> load() override { return inner_->load(); }
  base::Result<model::Revision> commit(const store::Transaction& transaction) override {
    Gate gate;
    {
      const std::lock_guard lock(mutex_);
      gate = gate_;
    }
    return gate ? gate(*inner_, transaction) : inner_->commit(transaction);
  }
  base::Result<std::optional<model::Update>> find_update(const model::ClusterName& cluster,
                                                         const model::UpdateId& id) override {
    return inner_->find_update(cluster, id);
  }
  base::Result<std::optional<model::Update>> find_update_by_token(const model::ClusterName& cluster,
                                                                  const std::string& token) override {
    return inner_->find_update_by_token(cluster, token);
  }
  base::Result<store::UpdatePage> list_updates(const model::ClusterName& cluster,
                                               std::optional<store::HistoryPosition> from, std::size_t limit) override {
    return inner_->list_updates(cluster, from, limit);
  }
  base::Result<std::vector<model::Update>> unfinished_updates() override { return inner_->unfinished_updates(); }
  base::Result<std::optional<std::string>> setting(const std::string& name) override { return inner_->setting(name); }
  base::Result<std::vector<store::AuditEvent>> recent_events(std::size_t limit) override {
    return inner_->recent_events(limit);
  }

 private:
  const std::unique_ptr<store::Store> inner_;
  std::mutex mutex_;
  Gate gate_;
};

// A node that acknowledges at once, or holds back until released, with the error and the cuts a test says.
// Must outlive the control plane it is given to.
class TestNode {
 public:
  explicit TestNode(std::string name) : name_(std::move(name)) {}

  Node node() {
    return {name_, [this](model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge) {
              apply(std::move(snapshot), std::move(acknowledge));
            }};
  }

  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
  }
  // Acknowledges all that was held back, oldest first, and holds no more.
  void release() {
    std::vector<Held> held;
    {
      const std::lock_guard lock(mutex_);
      holding_ = false;
      held.swap(held_);
    }
    for (Held& one : held)
      answer(one);
  }
  // Acknowledges what is held back now and goes on holding.
  void release_once() {
    std::vector<Held> held;
    {
      const std::lock_guard lock(mutex_);
      held.swap(held_);
    }
    for (Held& one : held)
      answer(one);
  }
  // Called for each snapshot; a returned error is acknowledged.
  using Verdict = std::function<std::optional<base::Error>(const model::Snapshot&)>;
  void judge(Verdict verdict) {
    const std::lock_guard lock(mutex_);
    verdict_ = std::move(verdict);
  }
  // Reported with the next acknowledgement of `from` or a later revision.
  void cut(const std::string& cluster, std::uint64_t connections, model::Revision from = {}) {
    const std::lock_guard lock(mutex_);
    cuts_.push_back({model::ClusterName(cluster), connections, from});
  }

  std::size_t held() const {
    const std::lock_guard lock(mutex_);
    return held_.size();
  }
  model::SnapshotPtr last() const {
    const std::lock_guard lock(mutex_);
    return seen_.empty() ? nullptr : seen_.back();
  }
  std::vector<model::SnapshotPtr> seen() const {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  // The newest revision this node has said it enforces.
  model::Revision enforced() const {
    const std::lock_guard lock(mutex_);
    return enforced_;
  }

 private:
  struct Held {
    model::SnapshotPtr snapshot;
    model::AcknowledgeFn acknowledge;
  };
  struct Cut {
    model::ClusterName cluster;
    std::uint64_t connections;
    model::Revision from;
  };

  void apply(model::SnapshotPtr snapshot, model::AcknowledgeFn acknowledge) {
    Held one{std::move(snapshot), std::move(acknowledge)};
    {
      const std::lock_guard lock(mutex_);
      seen_.push_back(one.snapshot);
      if (holding_) {
        held_.push_back(std::move(one));
        return;
      }
    }
    answer(one);
  }
  void answer(Held& one) {
    model::Acknowledgement acknowledgement;
    acknowledgement.revision = one.snapshot->revision;
    {
      const std::lock_guard lock(mutex_);
      if (verdict_) acknowledgement.error = verdict_(*one.snapshot);
      std::erase_if(cuts_, [&](const Cut& cut) {
        const bool due = one.snapshot->revision >= cut.from;
        if (due) acknowledgement.connections_cut[cut.cluster] += cut.connections;
        return due;
      });
      if (!acknowledgement.error) enforced_ = std::max(enforced_, one.snapshot->revision);
    }
    one.acknowledge(std::move(acknowledgement));
  }

  const std::string name_;
  mutable std::mutex mutex_;
  bool holding_ = false;
  Verdict verdict_;
  std::vector<Cut> cuts_;
  std::vector<Held> held_;
  std::vector<model::SnapshotPtr> seen_;
  model::Revision enforced_;
};

// True once `condition` holds; false when it does not for far longer than it ever should.
inline bool eventually(const std::function<bool()>& condition) {
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(1ms);
  }
  return true;
}

inline model::Listener listener(model::Listener::Side side, const std::string& address) {
  model::Listener made;
  made.side = side;
  made.bind = made.advertise = base::SocketAddress::parse(address).value();
  return made;
}

inline Settings settings() {
  Settings made;
  made.account = model::AccountId("000000000000");
  made.region = model::Region("us-east-1");
  made.zone = "sallyport.internal";
  made.listeners = {listener(model::Listener::Side::kPublic, "203.0.113.10:443"),
                    listener(model::Listener::Side::kPrivate, "172.31.0.10:443")};
  made.pools = {{model::PoolName("prod"), {base::SocketAddress::parse("10.0.0.5:6443").value()}, "PEM", false}};
  made.acknowledge_time = 60s;
  return made;
}

inline Caller caller() {
  return {model::Arn("arn:aws:iam::000000000000:root"), "192.0.2.1", "11111111-2222-4333-8444-555555555555"};
}

// A store in its own folder, two nodes, and a control plane that can be stopped and started again.
class World {
 public:
  World() : World(settings()) {}
  explicit World(Settings with) : settings_(std::move(with)) { open_store(); }

  void open_store() {
    auto opened = store::open_sqlite_store(folder_ / "state.db");
    if (!opened) throw std::runtime_error(opened.error().message);
    store_ = std::make_unique<GatedStore>(*std::move(opened));
  }
  ControlPlane& start() {
    auto started = ControlPlane::start(*store_, clock_, entropy_, settings_, {gateway_.node(), dns_.node()});
    if (!started) throw std::runtime_error(started.error().message);
    control_ = *std::move(started);
    return *control_;
  }
  // Ends the process, as far as the store can tell.
  void stop() {
    control_.reset();
    store_.reset();
  }
  ControlPlane& restart() {
    stop();
    open_store();
    return start();
  }

  ControlPlane& control() { return *control_; }
  GatedStore& store() { return *store_; }
  TestNode& gateway() { return gateway_; }
  TestNode& dns() { return dns_; }
  Settings& settings_ref() { return settings_; }
  std::string store_path() const { return folder_ / "state.db"; }

  std::vector<model::SubnetId> subnets() {
    std::vector<model::SubnetId> ids;
    const auto inventory = store_->load().value();
    for (const auto& subnet : inventory.subnets)
      ids.push_back(subnet.id);
    std::ranges::sort(ids);
    return ids;
  }
  CreateClusterRequest create_request(const std::string& name, const std::string& token = {}) {
    CreateClusterRequest request;
    request.name = model::ClusterName(name);
    request.role_arn = model::Arn("arn:aws:iam::000000000000:role/eks");
    request.subnets = subnets();
    request.tags = {{"sallyport.dev/pool", "prod"}};
    request.client_request_token = token;
    request.request_hash = "create " + name;
    return request;
  }
  bool is(const std::string& name, model::ClusterStatus status) {
    const auto cluster = control_->describe_cluster(model::ClusterName(name));
    return cluster && cluster->status == status;
  }
  bool is_gone(const std::string& name) { return !control_->describe_cluster(model::ClusterName(name)); }
  model::Cluster active(const std::string& name) {
    EXPECT_TRUE(eventually([&] { return is(name, model::ClusterStatus::kActive); })) << name;
    return control_->describe_cluster(model::ClusterName(name)).value();
  }
  // Created and ACTIVE.
  model::Cluster create(const std::string& name) {
    const auto created = control_->create_cluster(create_request(name), caller());
    EXPECT_TRUE(created) << created.error().message;
    return active(name);
  }
  base::Result<model::Update> update(const std::string& name, const std::vector<std::string>& blocks,
                                     const std::string& token = {}) {
    UpdateAccessRequest access;
    access.public_access_cidrs = cidrs(blocks);
    return update(name, access, token);
  }
  template <class Change>
  base::Result<model::Update> update(const std::string& name, const Change& change, const std::string& token = {},
                                     const std::string& hash = "hash") {
    return control_->update_cluster({model::ClusterName(name), change, token, hash}, caller());
  }
  model::Update describe(const model::Update& update) {
    return control_->describe_update(update.cluster, update.id).value();
  }
  // The update once it has ended.
  model::Update finished(const model::Update& update) {
    EXPECT_TRUE(eventually([&] { return describe(update).status != model::UpdateStatus::kInProgress; }));
    return describe(update);
  }

 private:
  Settings settings_;
  base::TestFolder folder_;
  base::SystemClock clock_;
  base::SystemEntropy entropy_;
  TestNode gateway_{"gateway"};
  TestNode dns_{"dns"};
  std::unique_ptr<GatedStore> store_;
  std::unique_ptr<ControlPlane> control_;  // before the store and the nodes it uses
};

}  // namespace sallyport::control::test
