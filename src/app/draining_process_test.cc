#include "app/draining_process.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>

#include "app/relay_keeper.h"
#include "base/limits.h"
#include "base/test_folder.h"

namespace sallyport::app::handover {
namespace {

// A gateway that was released, as far as a keeper asks.
class Released final : public gateway::Succession {
 public:
  explicit Released(std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) {
      relays_.push_back({.id = i,
                         .cluster = model::ClusterName("prod"),
                         .endpoint = model::EndpointId("0123456789ABCDEF0123456789ABCDEF"),
                         .listener = "gateway public 192.0.2.1:443",
                         .source = base::IpAddress::v4(static_cast<std::uint32_t>(i))});
    }
  }
  std::vector<gateway::Relay> relays() const override {
    const std::lock_guard lock(mutex_);
    return relays_;
  }
  std::uint64_t cut(const std::vector<std::uint64_t>& ids) override {
    const std::lock_guard lock(mutex_);
    const std::set<std::uint64_t> wanted(ids.begin(), ids.end());
    return std::erase_if(relays_, [&](const gateway::Relay& relay) { return wanted.contains(relay.id); });
  }
  void hand_over(base::NamedDescriptors&) override {}
  void take_back() override {}
  std::vector<gateway::Stranger> release() override { return {}; }
  void begin(std::vector<gateway::Stranger>) override {}
  gateway::CutCounts inherit(std::unique_ptr<gateway::Elsewhere>, const std::vector<gateway::Relay>&) override {
    return {};
  }
  std::size_t inherited() const override { return 0; }

 private:
  mutable std::mutex mutex_;
  std::vector<gateway::Relay> relays_;
};

class Draining : public testing::Test {
 protected:
  void open(std::size_t relays) {
    data_dir_ = folder_.write("any", "");
    data_dir_ = data_dir_.substr(0, data_dir_.rfind('/'));
    gateway_ = std::make_unique<Released>(relays);
    auto keeper = RelayKeeper::open(
        draining_socket(data_dir_, ::getpid()), *gateway_, [this] { return gateway_->relays().size(); },
        [this] { left_ = true; });
    ASSERT_TRUE(keeper) << keeper.error().message;
    keeper_ = *std::move(keeper);
  }
  std::unique_ptr<DrainingProcess> find() {
    auto found = find_draining(data_dir_);
    return found && found->size() == 1 ? std::move(found->front()) : nullptr;
  }

  base::TestFolder folder_;
  std::string data_dir_;
  std::atomic<bool> left_ = false;
  std::unique_ptr<Released> gateway_;
  std::unique_ptr<RelayKeeper> keeper_;
};

TEST_F(Draining, TellsAllRelaysHoweverMany) {
  for (const std::size_t count :
       {std::size_t{0}, std::size_t{1}, base::limits::kHandoverRelays, 3 * base::limits::kHandoverRelays + 7}) {
    keeper_.reset();
    open(count);
    const auto process = find();
    ASSERT_TRUE(process);
    const auto relays = process->relays();
    ASSERT_TRUE(relays) << relays.error().message;
    EXPECT_EQ(*relays, gateway_->relays());
  }
}

TEST_F(Draining, CutsExactlyThoseNamedAndCountsThem) {
  open(3 * base::limits::kHandoverCuts);
  const auto process = find();
  ASSERT_TRUE(process);
  std::vector<std::uint64_t> ids;
  for (std::uint64_t id = 0; id < 2 * base::limits::kHandoverCuts + 1; ++id)
    ids.push_back(id);
  EXPECT_EQ(process->cut(ids), ids.size());
  EXPECT_EQ(process->cut(ids), 0U) << "gone already";
  EXPECT_EQ(gateway_->relays().size(), base::limits::kHandoverCuts - 1);
  EXPECT_EQ(process->left(), base::limits::kHandoverCuts - 1);
}

TEST_F(Draining, WhoConnectsLastIsHeard) {
  open(2);
  const auto first = find();
  const auto second = find();
  ASSERT_TRUE(first && second);
  EXPECT_TRUE(second->relays());
  EXPECT_FALSE(first->relays());
  // It connects again.
  EXPECT_EQ(first->cut({0}), 1U);
  EXPECT_EQ(second->cut({1}), 1U);
}

TEST_F(Draining, IsAskedToLeave) {
  open(0);
  const auto process = find();
  ASSERT_TRUE(process);
  process->ask_to_leave();
  EXPECT_EQ(process->cut({0}), 0U);  // answered after it
  EXPECT_TRUE(left_);
}

TEST_F(Draining, NamesOfDeadProcessesAreRemoved) {
  open(0);
  const std::string dead = draining_socket(data_dir_, 999'999'999);
  folder_.write(dead.substr(dead.rfind('/') + 1), "");
  EXPECT_TRUE(find());
  EXPECT_NE(::access(dead.c_str(), F_OK), 0);
}

TEST_F(Draining, OneThatDoesNotAnswerIsKilledAndItsRelaysCountAsCut) {
  const std::string path = folder_.write("any", "") + ".sock";
  int listens[2];
  ASSERT_EQ(::pipe(listens), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto door = Door::open(path);
    if (!door || ::write(listens[1], "x", 1) != 1) ::_exit(1);
    ::pause();
    ::_exit(0);
  }
  char ready = 0;
  ASSERT_EQ(::read(listens[0], &ready, 1), 1);
  const auto process = DrainingProcess::find(path);
  ASSERT_TRUE(process && *process);
  EXPECT_EQ((*process)->cut({1, 2, 3}), 3U);
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
  EXPECT_EQ((*process)->cut({1, 2, 3}), 0U);
  EXPECT_EQ((*process)->left(), 0U);
  ::close(listens[0]);
  ::close(listens[1]);
}

}  // namespace
}  // namespace sallyport::app::handover
