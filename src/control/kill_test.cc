#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <map>
#include <set>
#include <sstream>

#include "control/test_world.h"

// A process running the control plane is killed by SIGKILL before or after its k-th commit, for every k of
// a sequence of operations. The next process must find no update lost, doubled or half-applied, and must be
// able to finish the sequence by sending the same requests again.
namespace sallyport::control {
namespace {

using namespace test;
using model::ClusterName;
using model::ClusterStatus;
using model::Update;
using model::UpdateStatus;

const ClusterName kName("c");
constexpr const char* kRefused = "192.0.2.66/32";  // a node cannot enforce this

struct Operation {
  enum Kind { kCreate, kUpdate, kLogging, kDelete } kind;
  const char* token;
  const char* block = nullptr;
};
constexpr std::array<Operation, 5> kOperations = {{
    {Operation::kCreate, "t-create"},
    {Operation::kUpdate, "t-update", "203.0.113.5/32"},
    {Operation::kUpdate, "t-refused", kRefused},
    {Operation::kLogging, "t-logging"},
    {Operation::kDelete, "t-delete"},
}};

struct KillPoint {
  int commit;  // counted from 1 over the life of the process
  bool before;
};

void refuse_one_setting(TestNode& node) {
  node.judge([](const model::Snapshot& snapshot) -> std::optional<base::Error> {
    const auto* cluster = snapshot.find_cluster(kName);
    if (cluster == nullptr || cluster->access.public_access_cidrs.entries() != cidrs({kRefused})) return std::nullopt;
    return base::Error{base::ErrorKind::kInternal, "refused", {}};
  });
}

// Sends the request and waits for its end; what the request was answered goes to `answered` before that.
// False when the request was refused.
bool carry_out(World& world, const Operation& operation, const std::function<void(const std::string&)>& answered) {
  switch (operation.kind) {
    case Operation::kCreate: {
      const auto created = world.control().create_cluster(world.create_request(kName.str(), operation.token), caller());
      if (!created) return false;
      answered(created->endpoint_id.str());
      return eventually([&] { return world.is(kName.str(), ClusterStatus::kActive); });
    }
    case Operation::kUpdate:
    case Operation::kLogging: {
      const auto update =
          operation.kind == Operation::kUpdate
              ? world.update(kName.str(), std::vector<std::string>{operation.block}, operation.token)
              : world.update(kName.str(), UpdateLoggingRequest{{{model::LogType::kAudit, true}}}, operation.token);
      if (!update) return false;
      answered(update->id.str());
      return eventually([&] {
        const auto now = world.control().describe_update(kName, update->id);
        return now && now->status != UpdateStatus::kInProgress;
      });
    }
    case Operation::kDelete: {
      const auto deleting = world.control().delete_cluster(kName, caller());
      if (!deleting) return false;
      answered("deleting");
      return eventually([&] { return world.is_gone(kName.str()); });
    }
  }
  return false;
}

// In the child. Each answer goes through the pipe the moment the caller has it.
[[noreturn]] void child(World& world, const KillPoint& point, int pipe) {
  int commits = 0;
  world.store().set_gate([&, point](store::Store& inner, const store::Transaction& transaction) {
    const bool now = ++commits == point.commit;  // commits are serialised by the control plane
    if (now && point.before) ::raise(SIGKILL);
    auto done = inner.commit(transaction);
    if (now) ::raise(SIGKILL);
    return done;
  });
  world.start();
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    const auto answered = [&](const std::string& id) {
      const std::string line = std::to_string(i) + " " + id + "\n";
      if (::write(pipe, line.data(), line.size()) != static_cast<ssize_t>(line.size())) ::_exit(3);
    };
    if (!carry_out(world, kOperations[i], answered)) ::_exit(4);
  }
  ::_exit(0);
}

struct ChildEnd {
  bool killed = false;
  int exit_code = -1;
  std::map<std::size_t, std::string> answers;  // by operation
};

ChildEnd run_child(World& world, const KillPoint& point) {
  std::array<int, 2> pipe{};
  if (::pipe(pipe.data()) != 0) throw std::runtime_error("pipe");
  world.stop();
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(pipe[0]);
    world.open_store();
    child(world, point, pipe[1]);
  }
  ::close(pipe[1]);
  std::string text;
  std::array<char, 256> buffer{};
  for (ssize_t got = 0; (got = ::read(pipe[0], buffer.data(), buffer.size())) > 0;) {
    text.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(pipe[0]);
  int status = 0;
  ::waitpid(pid, &status, 0);
  ChildEnd end;
  end.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  if (WIFEXITED(status)) end.exit_code = WEXITSTATUS(status);
  std::istringstream lines(text);
  std::size_t operation = 0;
  for (std::string id; lines >> operation >> id;)
    end.answers[operation] = id;
  return end;
}

bool at_rest(World& world) {
  if (world.control().status().updates_in_flight > 0) return false;
  const auto cluster = world.control().describe_cluster(kName);
  return !cluster || cluster->status == ClusterStatus::kActive;
}

// The records agree with the cluster: ended, each once, and the setting what they come to.
void check_records(World& world, const model::Cluster& cluster) {
  auto updates = world.control().list_updates(kName, {}, 100).value().updates;
  std::ranges::reverse(updates);
  std::set<std::string> tokens;
  model::EndpointAccess access{true, false, model::CidrSet(cidrs({"0.0.0.0/0"}))};
  std::vector<model::LogType> logs;
  for (const Update& update : updates) {
    EXPECT_TRUE(tokens.insert(update.client_request_token).second) << "doubled: " << update.client_request_token;
    EXPECT_EQ(update.step, model::UpdateStep::kDone);
    EXPECT_TRUE(update.finished_at);
    const bool refused = update.client_request_token == "t-refused";
    EXPECT_EQ(update.status, refused ? UpdateStatus::kFailed : UpdateStatus::kSuccessful);
    if (update.status != UpdateStatus::kSuccessful) continue;
    if (const auto* change = std::get_if<model::AccessChange>(&update.change)) access = change->target;
    if (const auto* change = std::get_if<model::LoggingChange>(&update.change)) logs = change->target;
  }
  EXPECT_EQ(cluster.access, access) << "half-applied";
  EXPECT_EQ(cluster.enabled_logs, logs) << "half-applied";
  EXPECT_EQ(cluster.status, ClusterStatus::kActive);
}

void check_nothing_lost(World& world, const ChildEnd& end) {
  const auto cluster = world.control().describe_cluster(kName);
  const bool deletion_answered = end.answers.contains(kOperations.size() - 1);
  if (!cluster) {
    EXPECT_TRUE(end.answers.empty() || end.answers.contains(kOperations.size() - 2))
        << "the cluster is gone before its deletion could have been asked for";
    return;
  }
  EXPECT_FALSE(deletion_answered) << "a deletion was lost";
  for (const auto& [operation, id] : end.answers) {
    if (kOperations[operation].kind == Operation::kCreate) {
      EXPECT_EQ(cluster->endpoint_id.str(), id) << "the creation was lost or doubled";
    } else {
      EXPECT_TRUE(world.control().describe_update(kName, model::UpdateId(id))) << "an update was lost: " << id;
    }
  }
  check_records(world, *cluster);
}

// A client that was not told the end sends its request again, and the ones after it.
void finish_the_sequence(World& world, const ChildEnd& end) {
  if (world.is_gone(kName.str()) && !end.answers.empty()) return;  // deleted
  for (std::size_t i = 0; i < kOperations.size(); ++i) {
    std::string id;
    ASSERT_TRUE(carry_out(world, kOperations[i], [&](const std::string& answer) { id = answer; })) << "operation " << i;
    const auto answered = end.answers.find(i);
    if (answered != end.answers.end()) {
      EXPECT_EQ(id, answered->second) << "operation " << i << " was done twice";
    }
    if (kOperations[i].kind != Operation::kDelete) {
      check_records(world, world.control().describe_cluster(kName).value());
    }
  }
}

TEST(Kill, AtEveryCommitLosesDoublesAndHalvesNothing) {
  int killed = 0;
  for (const bool before : {true, false}) {
    for (int commit = 1;; ++commit) {
      SCOPED_TRACE(std::string(before ? "before" : "after") + " commit " + std::to_string(commit));
      World world;
      refuse_one_setting(world.gateway());
      const ChildEnd end = run_child(world, {commit, before});
      if (!end.killed) {
        ASSERT_EQ(end.exit_code, 0);
        ASSERT_EQ(end.answers.size(), kOperations.size());
        break;  // the sequence has fewer commits than that
      }
      ++killed;
      world.open_store();
      world.start();
      ASSERT_TRUE(eventually([&] { return at_rest(world); }));
      check_nothing_lost(world, end);
      finish_the_sequence(world, end);
      EXPECT_TRUE(world.is_gone(kName.str()));
      EXPECT_EQ(world.store().load().value().security_groups.size(), 1U) << "the cluster's group stayed behind";
      if (HasFailure()) return;
    }
  }
  // default VPC; create 2; update 3; refused update 4; logging 3; delete 2: each before and after.
  EXPECT_GE(killed, 2 * 15);
}

}  // namespace
}  // namespace sallyport::control
