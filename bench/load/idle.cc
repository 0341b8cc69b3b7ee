#include <unistd.h>

#include <array>
#include <chrono>
#include <string>

#include "load/crowd.h"
#include "load/outcome.h"

namespace sallyport::bench {

using namespace std::chrono_literals;

void run_idle(const Plan& plan, Share share, Window& window, Outcome& outcome) {
  Crowd crowd(plan, share);
  if (auto done = crowd.prepare(); !done) {
    outcome.problem = done.error().message;
  } else if (const std::size_t missing = crowd.open_all(60s, true); missing > 0) {
    outcome.problem = std::to_string(missing) + " connections could not be opened";
  }
  window.arrive();
  if (!outcome.problem.empty()) return;
  std::array<char, 64> input{};
  while (::read(STDIN_FILENO, input.data(), input.size()) > 0) {
  }
  // Whoever was closed meanwhile was not idle but gone.
  for (auto events = crowd.wait(Clock::now()); !events.empty(); events = crowd.wait(Clock::now())) {
    for (const epoll_event& event : events) {
      if (Crowd::session_of(event).on_event(event.events) == Reached::kFailed) ++outcome.errors;
    }
  }
  // What lingers in the kernel would count for whoever is measured next.
  for (Session& session : crowd.sessions())
    session.abort();
}

}  // namespace sallyport::bench
