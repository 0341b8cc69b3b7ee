#include <chrono>
#include <cstdint>

#include "load/crowd.h"
#include "load/outcome.h"

namespace sallyport::bench {
namespace {

class Connects {
 public:
  Connects(const Plan& plan, Share share, const Window& window, Outcome& outcome)
      : crowd_(plan, share), window_(window), outcome_(outcome), asks_(!plan.has_tls) {}

  base::Status prepare() { return crowd_.prepare(); }

  void run() {
    for (Session& session : crowd_.sessions())
      open(session);
    while (Clock::now() < window_.end() && outcome_.errors < kMaxErrors) {
      for (const epoll_event& event : crowd_.wait(window_.end()))
        on_event(event);
    }
  }

 private:
  void open(Session& session) {
    session.due = Clock::now();
    if (!crowd_.open(session)) outcome_.errors = kMaxErrors;
  }

  void on_event(const epoll_event& event) {
    Session& session = Crowd::session_of(event);
    switch (session.on_event(event.events)) {
      case Reached::kNothing: return;
      case Reached::kReady:
        if (!asks_) {
          finish(session);
        } else if (!session.ask()) {
          fail(session);
        }
        return;
      case Reached::kAnswered: finish(session); return;
      case Reached::kFailed: fail(session); return;
    }
  }

  void finish(Session& session) {
    const Clock::time_point now = Clock::now();
    if (window_.holds(now)) outcome_.latency.add(static_cast<std::uint64_t>((now - session.due).count()));
    open(session);
  }

  void fail(Session& session) {
    ++outcome_.errors;
    if (outcome_.errors < kMaxErrors) open(session);
  }

  Crowd crowd_;
  const Window& window_;
  Outcome& outcome_;
  bool asks_;
};

}  // namespace

void run_connects(const Plan& plan, Share share, Window& window, Outcome& outcome) {
  Connects connects(plan, share, window, outcome);
  if (auto done = connects.prepare(); !done) outcome.problem = done.error().message;
  window.arrive();
  if (outcome.problem.empty()) connects.run();
}

}  // namespace sallyport::bench
