#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include "load/crowd.h"
#include "load/outcome.h"

namespace sallyport::bench {
namespace {

using namespace std::chrono_literals;

class Requests {
 public:
  Requests(const Plan& plan, Share share, const Window& window, Outcome& outcome)
      : crowd_(plan, share), window_(window), outcome_(outcome), turns_(share.count, 0) {
    first_ = share.first;
    if (plan.rate <= 0) return;
    const double rate = plan.rate * static_cast<double>(share.count) / static_cast<double>(plan.connections);
    gap_ns_ = 1e9 / rate;
  }

  void prepare() {
    if (auto done = crowd_.prepare(); !done) {
      outcome_.problem = done.error().message;
      return;
    }
    const std::size_t missing = crowd_.open_all(15s, false);
    if (missing > 0) outcome_.problem = std::to_string(missing) + " connections could not be opened";
  }

  void run() {
    if (!is_paced()) {
      for (Session& session : crowd_.sessions())
        ask(session, Clock::now());
    }
    bool is_counting = false;
    std::uint64_t bytes_before = 0;
    for (Clock::time_point now = Clock::now(); now < window_.end() && outcome_.errors < kMaxErrors;
         now = Clock::now()) {
      if (!is_counting && now >= window_.begin()) {
        is_counting = true;
        bytes_before = crowd_.bytes();
      }
      if (is_paced()) ask_those_due(now);
      Clock::time_point until = is_counting ? window_.end() : window_.begin();
      if (is_paced()) until = std::min(until, due(next_));
      for (const epoll_event& event : crowd_.wait(until))
        on_event(event);
    }
    outcome_.bytes = crowd_.bytes() - bytes_before;
  }

 private:
  bool is_paced() const { return gap_ns_ > 0; }
  Clock::time_point due(std::uint64_t request) const {
    return window_.start() + std::chrono::nanoseconds(std::llround(gap_ns_ * static_cast<double>(request)));
  }
  std::size_t index_of(const Session& session) const { return session.number() - first_; }
  // The request that is this session's next, where they take turns.
  std::uint64_t turn_of(const Session& session) const {
    const std::size_t index = index_of(session);
    return turns_[index] * crowd_size() + index;
  }
  std::size_t crowd_size() const { return turns_.size(); }

  void ask(Session& session, Clock::time_point at) {
    session.due = at;
    session.is_busy = true;
    if (!session.ask()) reopen(session);
  }

  void ask_those_due(Clock::time_point now) {
    for (; due(next_) <= now; ++next_) {
      Session& session = crowd_.sessions()[next_ % crowd_size()];
      if (!session.is_busy) ask(session, due(turn_of(session)));
    }
  }

  void reopen(Session& session) {
    ++outcome_.errors;
    session.is_busy = true;
    if (outcome_.errors < kMaxErrors && !crowd_.open(session)) outcome_.errors = kMaxErrors;
  }

  void on_event(const epoll_event& event) {
    Session& session = Crowd::session_of(event);
    switch (session.on_event(event.events)) {
      case Reached::kNothing: return;
      case Reached::kFailed: reopen(session); return;
      case Reached::kReady: go_on(session, Clock::now()); return;
      case Reached::kAnswered: {
        const Clock::time_point now = Clock::now();
        if (window_.holds(now)) outcome_.latency.add(static_cast<std::uint64_t>((now - session.due).count()));
        if (is_paced()) ++turns_[index_of(session)];
        go_on(session, now);
        return;
      }
    }
  }

  void go_on(Session& session, Clock::time_point now) {
    if (!is_paced()) {
      ask(session, now);
      return;
    }
    const Clock::time_point next = due(turn_of(session));
    session.is_busy = false;
    if (next <= now) ask(session, next);
  }

  Crowd crowd_;
  const Window& window_;
  Outcome& outcome_;
  std::vector<std::uint64_t> turns_;  // requests made, by session
  std::size_t first_ = 0;
  double gap_ns_ = 0;
  std::uint64_t next_ = 0;  // the first request whose time has not come
};

}  // namespace

void run_requests(const Plan& plan, Share share, Window& window, Outcome& outcome) {
  Requests requests(plan, share, window, outcome);
  requests.prepare();
  window.arrive();
  if (outcome.problem.empty()) requests.run();
}

}  // namespace sallyport::bench
