#include <chrono>
#include <cstdint>
#include <deque>
#include <vector>

#include "load/crowd.h"
#include "load/outcome.h"

namespace sallyport::bench {
namespace {

using namespace std::chrono_literals;

constexpr auto kPatience = 250ms;  // then nothing more is expected
constexpr std::uint64_t kMaxAttempts = 1'000'000;

// The plan's connections are how many attempts may be under way; past that, attempts are late.
class Flood {
 public:
  Flood(const Plan& plan, Share share, const Window& window, Outcome& outcome)
      : crowd_(plan, share), window_(window), outcome_(outcome) {
    const double rate = plan.rate * static_cast<double>(share.count) / static_cast<double>(plan.connections);
    gap_ = std::chrono::nanoseconds(static_cast<std::int64_t>(1e9 / rate));
  }

  base::Status prepare() { return crowd_.prepare(); }

  void run() {
    for (Session& session : crowd_.sessions())
      free_.push_back(&session);
    Clock::time_point next = window_.start();
    for (Clock::time_point now = next; now < window_.end() && attempts_ < kMaxAttempts; now = Clock::now()) {
      give_up(now);
      for (; next <= now && !free_.empty(); next += gap_)
        begin(now);
      for (const epoll_event& event : crowd_.wait(std::min(now + 1ms, window_.end())))
        on_event(event);
    }
    // What was begun is waited for, so that each attempt has its outcome.
    for (; free_.size() < crowd_.sessions().size(); give_up(Clock::now())) {
      for (const epoll_event& event : crowd_.wait(Clock::now() + 10ms))
        on_event(event);
    }
  }

 private:
  void begin(Clock::time_point now) {
    Session* session = free_.back();
    free_.pop_back();
    ++attempts_;
    session->due = now;
    session->is_busy = crowd_.open(*session);
    if (!session->is_busy) {
      ++outcome_.errors;
      free_.push_back(session);
      return;
    }
    waiting_.emplace_back(now, session);
  }

  void on_event(const epoll_event& event) {
    Session& session = Crowd::session_of(event);
    const Reached reached = session.on_event(event.events);
    if (!session.is_busy || reached == Reached::kNothing) return;
    // Ready: the origin itself has spoken.
    if (reached == Reached::kFailed)
      ++outcome_.refused;
    else
      ++outcome_.errors;
    end(session);
  }

  void give_up(Clock::time_point now) {
    while (!waiting_.empty() && waiting_.front().first + kPatience <= now) {
      const auto [since, session] = waiting_.front();
      waiting_.pop_front();
      if (!session->is_busy || session->due != since) continue;
      ++outcome_.silent;
      end(*session);
    }
  }

  void end(Session& session) {
    session.close();
    session.is_busy = false;
    free_.push_back(&session);
  }

  Crowd crowd_;
  const Window& window_;
  Outcome& outcome_;
  std::chrono::nanoseconds gap_{};
  std::uint64_t attempts_ = 0;
  std::vector<Session*> free_;
  std::deque<std::pair<Clock::time_point, Session*>> waiting_;
};

}  // namespace

void run_flood(const Plan& plan, Share share, Window& window, Outcome& outcome) {
  Flood flood(plan, share, window, outcome);
  if (auto done = flood.prepare(); !done) outcome.problem = done.error().message;
  window.arrive();
  if (outcome.problem.empty()) flood.run();
}

}  // namespace sallyport::bench
