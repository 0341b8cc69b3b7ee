#include <map>
#include <random>

#include "control/test_world.h"

namespace sallyport::control {
namespace {

using namespace test;
using model::ClusterName;
using model::ClusterStatus;
using model::Update;
using model::UpdateStatus;
using model::UpdateStep;

// Many operations on a few clusters, with nodes that hold back, refuse and answer late, a store that fails
// now and then, and restarts in between. The choices follow from the seed; the interleaving with the
// control plane's own thread does not, so the invariants are those that hold at every moment.
class Simulation {
 public:
  explicit Simulation(unsigned seed) : random_(seed) {
    for (TestNode* node : {&world_.gateway(), &world_.dns()}) {
      node->judge([](const model::Snapshot& snapshot) -> std::optional<base::Error> {
        // Refuses by content, so that a state it refused once it refuses for good, as a full table would.
        for (const auto& [name, cluster] : snapshot.clusters) {
          if (cluster->access.public_access_cidrs.entries() == cidrs({kPoison})) {
            return base::Error{base::ErrorKind::kInternal, "cannot hold " + name.str(), {}};
          }
        }
        return std::nullopt;
      });
    }
    world_.start();
    fail_some_commits();
  }

  void run(int operations) {
    for (int i = 0; i < operations; ++i) {
      one_operation();
      if (i % 8 == 0) check_always();
    }
    settle();
    check_at_rest();
  }

 private:
  static constexpr const char* kPoison = "192.0.2.66/32";

  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  std::string any_name() { return "c" + std::to_string(pick(4)); }
  TestNode& any_node() { return pick(2) == 0 ? world_.gateway() : world_.dns(); }

  void fail_some_commits() {
    world_.store().set_gate([this](store::Store& inner, const store::Transaction& transaction) {
      const unsigned n = ++commits_;
      if (n % 17 == 3) return base::Result<model::Revision>(base::fail(base::ErrorKind::kInternal, "simulated"));
      auto done = inner.commit(transaction);
      if (done && n % 29 == 7) {
        return base::Result<model::Revision>(base::fail(base::ErrorKind::kInternal, "simulated, though committed"));
      }
      return done;
    });
  }

  void one_operation() {
    const std::string name = any_name();
    const std::string token = "token-" + std::to_string(++tokens_);
    switch (pick(16)) {
      case 0:
      case 1: (void)world_.control().create_cluster(world_.create_request(name, token), caller()); break;
      case 2: (void)world_.control().delete_cluster(ClusterName(name), caller()); break;
      case 3: (void)world_.control().tag_cluster(ClusterName(name), {{"t", token}}, caller()); break;
      case 4: world_.control().report_health(ClusterName(name), {{"Other", token, {}}}); break;
      case 5: any_node().hold(); break;
      case 6:
      case 7: any_node().release_once(); break;
      case 8:
      case 9: any_node().release(); break;
      case 10: any_node().cut(name, pick(3)); break;
      case 11:
        if (pick(4) == 0) restart();
        break;
      default: update(name, token); break;
    }
  }

  void update(const std::string& name, const std::string& token) {
    const std::string block = pick(4) == 0 ? kPoison : "203.0.113." + std::to_string(pick(250)) + "/32";
    const auto accepted = world_.update(name, {block}, token);
    if (!accepted) return;
    // A repeated request is the same update.
    const auto again = world_.update(name, {block}, token);
    if (again) {
      EXPECT_EQ(again->id, accepted->id);
    }
  }

  void restart() {
    world_.restart();
    fail_some_commits();
  }

  void check_always() {
    const auto unfinished = world_.store().unfinished_updates();
    ASSERT_TRUE(unfinished);
    std::map<ClusterName, int> in_flight;
    for (const Update& update : *unfinished) {
      EXPECT_EQ(++in_flight[update.cluster], 1) << "two updates in flight for " << update.cluster.str();
      EXPECT_NE(update.step, UpdateStep::kDone);
    }
    for (const auto& name : world_.control().list_clusters({}, 100)) {
      const auto page = world_.control().list_updates(name, {}, 100);
      if (!page) continue;
      for (const Update& update : page->updates)
        check_record(update);
    }
  }

  void check_record(const Update& update) {
    EXPECT_EQ(update.step == UpdateStep::kDone, update.status != UpdateStatus::kInProgress);
    EXPECT_EQ(update.finished_at.has_value(), update.status != UpdateStatus::kInProgress);
    if (update.status != UpdateStatus::kSuccessful) return;
    ASSERT_TRUE(update.revision);
    EXPECT_GE(world_.gateway().enforced(), *update.revision) << "Successful before the gateway had it";
    EXPECT_GE(world_.dns().enforced(), *update.revision) << "Successful before DNS had it";
    EXPECT_TRUE(update.errors.empty());
  }

  void settle() {
    world_.gateway().release();
    world_.dns().release();
    const bool quiet = eventually([&] {
      const Status status = world_.control().status();
      if (status.updates_in_flight > 0) return false;
      for (const auto& name : world_.control().list_clusters({}, 100)) {
        if (!world_.is(name.str(), ClusterStatus::kActive)) return false;
      }
      return std::ranges::all_of(status.nodes, [&](const auto& node) { return node.acknowledged == status.stored; });
    });
    ASSERT_TRUE(quiet);
  }

  void check_at_rest() {
    check_always();
    const auto inventory = world_.store().load().value();
    EXPECT_EQ(inventory.security_groups.size(), 1 + inventory.clusters.size()) << "a cluster group was lost or left";
    for (const auto& stored : inventory.clusters) {
      EXPECT_EQ(world_.control().describe_cluster(stored.name), stored);
      const auto* seen = world_.gateway().last()->find_cluster(stored.name);
      ASSERT_NE(seen, nullptr);
      EXPECT_EQ(*seen, stored);

      // The setting is that of the last update that succeeded; each began where the last success left it.
      auto updates = world_.control().list_updates(stored.name, {}, 100).value().updates;
      std::ranges::reverse(updates);
      model::EndpointAccess access{true, false, model::CidrSet(cidrs({"0.0.0.0/0"}))};
      for (const Update& update : updates) {
        const auto& change = std::get<model::AccessChange>(update.change);
        EXPECT_EQ(change.previous, access);
        const bool poisoned = change.target.public_access_cidrs.entries() == cidrs({kPoison});
        if (poisoned) {
          EXPECT_EQ(update.status, UpdateStatus::kFailed);
        }
        if (update.status == UpdateStatus::kSuccessful) access = change.target;
      }
      EXPECT_EQ(stored.access, access);
    }
  }

  std::mt19937 random_;
  unsigned tokens_ = 0;
  std::atomic<unsigned> commits_ = 0;
  World world_;
};

class SimulationTest : public testing::TestWithParam<unsigned> {};

TEST_P(SimulationTest, InvariantsHold) {
  Simulation simulation(GetParam());
  simulation.run(150);
}

INSTANTIATE_TEST_SUITE_P(Seeds, SimulationTest, testing::Range(1U, 9U));

}  // namespace
}  // namespace sallyport::control
