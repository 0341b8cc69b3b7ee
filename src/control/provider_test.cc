#include <condition_variable>
#include <deque>

#include "control/provisioning.h"
#include "control/test_world.h"

namespace sallyport::control {
namespace {

using namespace test;
using base::ErrorKind;
using model::ClusterName;
using model::ClusterStatus;
using testing::ElementsAre;
using testing::HasSubstr;

const ClusterName kName("own");

base::SocketAddress server(const std::string& text) { return base::SocketAddress::parse(text).value(); }

// Answers what a test has put before it, in order, else that all is well; holds back while told to.
class TestProvider final : public Provider {
 public:
  base::Result<ProvidedServers> create(const model::Cluster& cluster, const ProgressFn& progress) override {
    progress("making certificates");
    if (auto failure = asked("create " + cluster.name.str())) return base::fail(*failure);
    const std::lock_guard lock(mutex_);
    return made_;
  }
  base::Status remove(const model::Cluster& cluster, const ProgressFn& progress) override {
    progress("stopping");
    if (auto failure = asked("remove " + cluster.name.str())) return base::fail(*failure);
    return {};
  }
  void stop() override { release(true); }

  void hold() {
    const std::lock_guard lock(mutex_);
    holding_ = true;
    stopped_ = false;
  }
  void release(bool stopped = false) {
    {
      const std::lock_guard lock(mutex_);
      holding_ = false;
      stopped_ = stopped;
    }
    wake_.notify_all();
  }
  void fail_once(const std::string& message) {
    const std::lock_guard lock(mutex_);
    failures_.push_back(base::Error{ErrorKind::kUnavailable, message, ""});
  }
  void makes(const std::string& address) {
    const std::lock_guard lock(mutex_);
    made_.servers = {server(address)};
  }
  std::vector<std::string> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

 private:
  std::optional<base::Error> asked(const std::string& call) {
    std::unique_lock lock(mutex_);
    calls_.push_back(call);
    wake_.wait(lock, [&] { return !holding_; });
    if (stopped_) return base::Error{ErrorKind::kUnavailable, "stopped", ""};
    if (failures_.empty()) return std::nullopt;
    const base::Error failure = failures_.front();
    failures_.pop_front();
    return failure;
  }

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool holding_ = false;
  bool stopped_ = false;
  std::deque<base::Error> failures_;
  std::vector<std::string> calls_;
  ProvidedServers made_{.servers = {server("127.0.0.1:21000")}, .ca_pem = "CA"};
};

class Provided : public testing::Test {
 protected:
  Provided() {
    world_.settings_ref().provider = &provider_;
    world_.start();
  }
  CreateClusterRequest request() {
    CreateClusterRequest request = world_.create_request("own");
    request.tags.clear();
    return request;
  }
  void create() { ASSERT_TRUE(world_.control().create_cluster(request(), caller())); }
  void restart() {
    world_.stop();
    provider_.release();
    world_.open_store();
    world_.start();
  }
  bool asked_for(const std::string& call, std::ptrdiff_t times) {
    return eventually([&] { return std::ranges::count(provider_.calls(), call) >= times; });
  }
  std::vector<model::HealthIssue> issues() { return world_.control().describe_cluster(kName)->health_issues; }

  TestProvider provider_;
  World world_;
};

TEST_F(Provided, IsCreatingUntilItsServersAreMadeAndEnforced) {
  provider_.hold();
  create();
  EXPECT_TRUE(eventually([&] { return world_.control().provider_progress(kName) == "making certificates"; }));
  EXPECT_TRUE(world_.is("own", ClusterStatus::kCreating));

  world_.gateway().hold();
  provider_.release();
  EXPECT_TRUE(eventually([&] { return !world_.control().describe_cluster(kName)->servers.empty(); }));
  EXPECT_TRUE(world_.is("own", ClusterStatus::kCreating));
  world_.gateway().release();
  const model::Cluster made = world_.active("own");
  EXPECT_THAT(made.servers, ElementsAre(server("127.0.0.1:21000")));
  EXPECT_EQ(made.certificate_authority_pem, "CA");
  EXPECT_EQ(world_.control().provider_progress(kName), std::nullopt);
  const model::Pool* pool = world_.gateway().last()->find_pool(made.pool);
  ASSERT_NE(pool, nullptr);
  EXPECT_EQ(pool->servers, made.servers);
}

TEST_F(Provided, APoolThatIsNamedComesFirst) {
  world_.create("pooled");
  EXPECT_TRUE(provider_.calls().empty());
}

TEST_F(Provided, IsFailedWithTheProvidersWordsAndCanBeDeleted) {
  provider_.fail_once("no etcd on this machine");
  create();
  ASSERT_TRUE(eventually([&] { return world_.is("own", ClusterStatus::kFailed); }));
  ASSERT_EQ(issues().size(), 1U);
  EXPECT_THAT(issues().front().message, HasSubstr("no etcd on this machine"));
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  EXPECT_TRUE(eventually([&] { return world_.is_gone("own"); }));
  EXPECT_THAT(provider_.calls(), ElementsAre("create own", "remove own"));
}

TEST_F(Provided, IsDeletingUntilNothingIsLeft) {
  create();
  world_.active("own");
  provider_.fail_once("a process would not end");
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  EXPECT_TRUE(eventually([&] { return world_.is_gone("own"); }));
  EXPECT_THAT(provider_.calls(), ElementsAre("create own", "remove own", "remove own"));
  EXPECT_TRUE(eventually([&] { return world_.gateway().last()->pools.size() == 1; }));
}

TEST_F(Provided, ComplaintsOfARemovalAreItsHealth) {
  create();
  world_.active("own");
  provider_.fail_once("a process would not end");
  provider_.fail_once("a process would not end");
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  EXPECT_TRUE(eventually([&] { return !world_.is_gone("own") && !issues().empty(); }));
  EXPECT_THAT(issues().front().message, HasSubstr("a process would not end"));
  EXPECT_TRUE(eventually([&] { return world_.is_gone("own"); }));
}

TEST_F(Provided, WorkThatAStopInterruptedIsDoneAgain) {
  provider_.hold();
  create();
  ASSERT_TRUE(asked_for("create own", 1));
  restart();
  world_.active("own");

  provider_.hold();
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  ASSERT_TRUE(asked_for("remove own", 1));
  restart();
  EXPECT_TRUE(eventually([&] { return world_.is_gone("own"); }));
}

TEST_F(Provided, AStartMakesSureOfTheServersAndFollowsThem) {
  create();
  world_.active("own");
  provider_.makes("127.0.0.1:21001");
  restart();
  EXPECT_TRUE(eventually([&] {
    const model::Pool* pool = world_.gateway().last()->find_pool(world_.control().describe_cluster(kName)->pool);
    return pool != nullptr && pool->servers == std::vector{server("127.0.0.1:21001")};
  }));
  EXPECT_TRUE(world_.is("own", ClusterStatus::kActive));
}

TEST_F(Provided, ServersThatCannotBeReachedAreMadeSureOf) {
  create();
  world_.active("own");
  const model::HealthIssue unreachable{.code = "ClusterUnreachable", .message = "refused", .resource_ids = {}};
  provider_.fail_once("etcd lost its disk");
  world_.control().report_health(kName, {unreachable});
  ASSERT_TRUE(asked_for("create own", 2));
  ASSERT_TRUE(eventually([&] { return issues().size() == 2; }));
  EXPECT_THAT(issues().back().message, HasSubstr("etcd lost its disk"));
  EXPECT_TRUE(is_provider_issue(issues().back()));
  // What health checking finds later takes nothing from what the provider said.
  world_.control().report_health(kName, {});
  EXPECT_TRUE(world_.is("own", ClusterStatus::kActive));
  // It tries again by itself, and the complaint goes with its success.
  ASSERT_TRUE(asked_for("create own", 3));
  EXPECT_TRUE(eventually([&] { return issues().empty(); }));
}

TEST_F(Provided, ACheckThatEndsDuringAnUpdateTakesNothingFromIt) {
  create();
  world_.active("own");
  world_.gateway().hold();
  const auto update = world_.update("own", {"203.0.113.5/32"}).value();
  provider_.makes("127.0.0.1:21001");
  world_.control().report_health(kName, {{.code = "ClusterUnreachable", .message = "refused", .resource_ids = {}}});
  ASSERT_TRUE(eventually([&] { return world_.describe(update).step == model::UpdateStep::kPublished; }));
  world_.gateway().release();
  EXPECT_EQ(world_.finished(update).status, model::UpdateStatus::kSuccessful);
  EXPECT_TRUE(eventually([&] {
    const auto now = world_.control().describe_cluster(kName);
    return now->servers == std::vector{server("127.0.0.1:21001")} && now->status == ClusterStatus::kActive;
  }));
  EXPECT_EQ(world_.control().describe_cluster(kName)->access.public_access_cidrs,
            model::CidrSet(cidrs({"203.0.113.5/32"})));
}

TEST_F(Provided, WithoutTheProviderNothingIsLeftBehindInSilence) {
  create();
  world_.active("own");
  world_.settings_ref().provider = nullptr;
  restart();
  EXPECT_TRUE(eventually([&] { return issues().size() == 1; }));
  EXPECT_THAT(issues().front().message, HasSubstr("[provider]"));
  ASSERT_TRUE(world_.control().delete_cluster(kName, caller()));
  EXPECT_TRUE(
      eventually([&] { return !issues().empty() && issues().front().message.find("remove") != std::string::npos; }));
  EXPECT_TRUE(world_.is("own", ClusterStatus::kDeleting));
  world_.settings_ref().provider = &provider_;
  restart();
  EXPECT_TRUE(eventually([&] { return world_.is_gone("own"); }));
  EXPECT_TRUE(asked_for("remove own", 1));
}

TEST_F(Provided, WithoutProviderAndPoolACreationIsRefused) {
  world_.settings_ref().provider = nullptr;
  restart();
  const auto refused = world_.control().create_cluster(request(), caller());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidParameter);
  EXPECT_THAT(refused.error().message, HasSubstr("[provider]"));
}

}  // namespace
}  // namespace sallyport::control
