#include "gateway/worker.h"

#include <latch>

#include "gateway/sockets.h"
#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

class WorkerAlone : public Bench {
 protected:
  std::vector<ListenerSocket> listening() const {
    ListenerSocket listener;
    listener.kind = Watched::Kind::kListener;
    listener.socket = open_listener(config.listeners[0]).value();
    std::vector<ListenerSocket> listeners;
    listeners.push_back(std::move(listener));
    return listeners;
  }
  // `count` connections wait at a worker that is busy; then it is told to stop accepting.
  void stop_with_waiting(Worker& worker, int count) {
    std::latch release(1);
    worker.swap(compile(std::make_shared<const model::Snapshot>(snapshot), config.listeners),
                [&](const CutCounts&) { release.wait(); });
    for (int i = 0; i < count; ++i)
      clients.push_back(std::make_unique<Client>("127.0.0.1", door()));
    std::latch stopped(1);
    worker.stop_accepting([&] { stopped.count_down(); });
    release.count_down();
    stopped.wait();
  }

  Upstreams upstreams;
  std::vector<std::unique_ptr<Client>> clients;
};

TEST_F(WorkerAlone, TakesEveryWaitingConnectionBeforeItStopsAccepting) {
  std::atomic<std::int64_t> room = 1'000;
  Worker worker(config, listening(), upstreams, room);
  stop_with_waiting(worker, 300);
  EXPECT_EQ(worker.counters().accepted.load(), 300U);
  EXPECT_EQ(worker.counters().active.load(), 300);
  EXPECT_FALSE(Client("127.0.0.1", door()).connected());
}

TEST_F(WorkerAlone, TakesNoMoreThanThereIsRoomFor) {
  std::atomic<std::int64_t> room = 10;
  Worker worker(config, listening(), upstreams, room);
  stop_with_waiting(worker, 300);
  EXPECT_EQ(worker.counters().active.load(), 10);
}

}  // namespace
}  // namespace sallyport::gateway::test
