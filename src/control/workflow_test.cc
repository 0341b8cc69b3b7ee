#include "control/workflow.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace sallyport::control {
namespace {

using base::ErrorKind;
using base::Millis;
using model::UpdateStatus;
using model::UpdateStep;
using testing::HasSubstr;
using Kind = Step::Kind;

constexpr Millis kLimit{1000};

model::CidrSet cidrs(const char* text) { return model::CidrSet({model::Cidr::parse(text).value()}); }

model::Update update_at(UpdateStep step) {
  model::Update update;
  update.id = model::UpdateId("u");
  update.cluster = model::ClusterName("c");
  update.step = step;
  update.change =
      model::AccessChange{{true, true, cidrs("203.0.113.5/32")}, {true, false, cidrs("0.0.0.0/0")}, true, {}, {}};
  return update;
}

const Enforcement kNobodyYet{};
const Enforcement kEverywhere{.everywhere = true, .failed_node = {}, .failure = {}};

Enforcement failed(ErrorKind kind = ErrorKind::kInternal) {
  return {.everywhere = false, .failed_node = "gateway", .failure = base::Error{kind, "no table", {}}};
}

TEST(NextStep, Table) {
  struct Row {
    const char* what;
    UpdateStep at;
    Enforcement enforcement;
    Millis waited;
    Kind next;
    std::size_t errors;
  };
  const std::vector<Row> table = {
      {"accepted", UpdateStep::kStored, kNobodyYet, Millis{0}, Kind::kPublishTarget, 0},
      {"accepted, long ago", UpdateStep::kStored, kNobodyYet, 2 * kLimit, Kind::kPublishTarget, 0},
      {"accepted while a node is failing", UpdateStep::kStored, failed(), Millis{0}, Kind::kPublishTarget, 0},
      {"waits", UpdateStep::kPublished, kNobodyYet, kLimit - Millis{1}, Kind::kWait, 0},
      {"acknowledged", UpdateStep::kPublished, kEverywhere, Millis{0}, Kind::kSucceed, 0},
      {"acknowledged at the last moment", UpdateStep::kPublished, kEverywhere, kLimit, Kind::kSucceed, 0},
      {"too late", UpdateStep::kPublished, kNobodyYet, kLimit, Kind::kRollBack, 1},
      {"a node fails", UpdateStep::kPublished, failed(), Millis{0}, Kind::kRollBack, 1},
      {"roll-back waits", UpdateStep::kRollingBack, kNobodyYet, Millis{0}, Kind::kWait, 0},
      {"roll-back waits for a failing node", UpdateStep::kRollingBack, failed(), Millis{0}, Kind::kWait, 0},
      {"rolled back", UpdateStep::kRollingBack, kEverywhere, Millis{0}, Kind::kFail, 0},
      {"roll-back not confirmed", UpdateStep::kRollingBack, kNobodyYet, kLimit, Kind::kFail, 1},
      {"roll-back refused", UpdateStep::kRollingBack, failed(), kLimit, Kind::kFail, 1},
      {"done", UpdateStep::kDone, kEverywhere, kLimit, Kind::kWait, 0},
  };
  for (const Row& row : table) {
    const Step step = next_step(update_at(row.at), row.enforcement, row.waited, kLimit);
    EXPECT_EQ(step.kind, row.next) << row.what;
    EXPECT_EQ(step.errors.size(), row.errors) << row.what;
  }
}

TEST(NextStep, ErrorsNameTheNodeAndCarryACodeOfTheService) {
  const Step step = next_step(update_at(UpdateStep::kPublished), failed(), Millis{0}, kLimit);
  EXPECT_EQ(step.errors[0].code, "Unknown");
  EXPECT_THAT(step.errors[0].message, HasSubstr("gateway could not enforce the new setting: no table"));
  EXPECT_EQ(error_code(ErrorKind::kAccessDenied), "AccessDenied");
  EXPECT_EQ(error_code(ErrorKind::kInvalidRequest), "OperationNotPermitted");
  EXPECT_EQ(error_code(ErrorKind::kInvalidParameter), "ConfigurationConflict");
  EXPECT_EQ(error_code(ErrorKind::kUnavailable), "Unknown");
}

model::Cluster cluster_of(const model::Update& update) {
  model::Cluster cluster;
  cluster.name = update.cluster;
  cluster.status = model::ClusterStatus::kUpdating;
  cluster.tags = {{"team", "a"}};
  return with_previous(cluster, update.change);
}

TEST(UpdateAfter, SucceedingRun) {
  const base::Time now{Millis{42}};
  model::Update update = update_at(UpdateStep::kStored);
  model::Cluster cluster = cluster_of(update);

  const Step publish{Kind::kPublishTarget, {}};
  cluster = cluster_after(cluster, update, publish);
  update = update_after(update, publish, now, model::Revision(7), 0);
  EXPECT_EQ(update.step, UpdateStep::kPublished);
  EXPECT_EQ(update.revision, model::Revision(7));
  EXPECT_EQ(update.status, UpdateStatus::kInProgress);
  EXPECT_EQ(cluster.access.public_access_cidrs, cidrs("203.0.113.5/32"));
  EXPECT_EQ(cluster.status, model::ClusterStatus::kUpdating);

  const Step succeed{Kind::kSucceed, {}};
  cluster = cluster_after(cluster, update, succeed);
  update = update_after(update, succeed, now, model::Revision(8), 3);
  EXPECT_EQ(update.status, UpdateStatus::kSuccessful);
  EXPECT_EQ(update.step, UpdateStep::kDone);
  EXPECT_EQ(update.revision, model::Revision(7));
  EXPECT_EQ(update.finished_at, now);
  EXPECT_EQ(update.connections_cut, 3U);
  EXPECT_EQ(cluster.status, model::ClusterStatus::kActive);
  EXPECT_EQ(cluster.access.public_access_cidrs, cidrs("203.0.113.5/32"));
  EXPECT_EQ(cluster.tags.at("team"), "a");
}

TEST(UpdateAfter, RolledBackRun) {
  const base::Time now{Millis{42}};
  model::Update update = update_at(UpdateStep::kPublished);
  update.revision = model::Revision(7);
  model::Cluster cluster = with_target(cluster_of(update), update.change);

  const Step back = next_step(update, failed(), Millis{0}, kLimit);
  cluster = cluster_after(cluster, update, back);
  update = update_after(update, back, now, model::Revision(9), 1);
  EXPECT_EQ(update.step, UpdateStep::kRollingBack);
  EXPECT_EQ(update.revision, model::Revision(9));
  EXPECT_EQ(update.status, UpdateStatus::kInProgress);
  EXPECT_EQ(cluster.access, (model::EndpointAccess{true, false, cidrs("0.0.0.0/0")}));

  const Step fail_now = next_step(update, failed(), kLimit, kLimit);
  cluster = cluster_after(cluster, update, fail_now);
  update = update_after(update, fail_now, now, model::Revision(10), 2);
  EXPECT_EQ(update.status, UpdateStatus::kFailed);
  EXPECT_EQ(update.finished_at, now);
  ASSERT_EQ(update.errors.size(), 2U);
  EXPECT_THAT(update.errors[1].message, HasSubstr("not every node has confirmed it: gateway"));
  EXPECT_EQ(cluster.status, model::ClusterStatus::kActive);
}

TEST(Target, LegacyClusterResolvesPrivatelyOncePublicWasTurnedOff) {
  struct Row {
    bool before;
    bool after;
    bool resolves;
  };
  for (const Row& row :
       {Row{true, false, true}, Row{false, true, false}, Row{true, true, false}, Row{false, false, false}}) {
    model::Cluster legacy;
    legacy.public_resolves_private = false;
    const model::Change change = model::AccessChange{{row.after, true, {}}, {row.before, true, {}}, false, {}, {}};
    const model::Cluster target = with_target(legacy, change);
    EXPECT_EQ(target.public_resolves_private, row.resolves) << row.before << row.after;
    EXPECT_FALSE(with_previous(target, change).public_resolves_private);
  }
}

TEST(Target, EachKindOfChangeTouchesItsOwnFieldsAlone) {
  model::Cluster cluster;
  cluster.name = model::ClusterName("c");
  model::VpcConfig moved;
  moved.subnets = {model::SubnetId("subnet-1")};
  const std::vector<model::Change> changes = {
      model::AccessChange{{false, true, {}}, cluster.access, true, {}, {}},
      model::VpcConfigChange{moved, cluster.vpc_config},
      model::LoggingChange{{model::LogType::kAudit}, {}},
      model::DeletionProtectionChange{true, false},
  };
  for (const model::Change& change : changes) {
    const model::Cluster target = with_target(cluster, change);
    EXPECT_FALSE(target == cluster) << change.index();
    EXPECT_EQ(with_previous(target, change), cluster) << change.index();
  }
  EXPECT_TRUE(with_target(cluster, changes[3]).deletion_protection);
  EXPECT_EQ(with_target(cluster, changes[2]).enabled_logs, std::vector{model::LogType::kAudit});
  EXPECT_EQ(with_target(cluster, changes[1]).vpc_config, moved);
}

}  // namespace
}  // namespace sallyport::control
