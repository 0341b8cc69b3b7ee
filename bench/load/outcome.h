#pragma once

#include <barrier>
#include <cstddef>
#include <cstdint>
#include <string>

#include "load/plan.h"
#include "traffic/histogram.h"

namespace sallyport::bench {

// What one thread saw within the window.
struct Outcome {
  Histogram latency;  // of what counts as a request: an answer, or a connection from its first step to its last
  std::uint64_t bytes = 0;
  std::uint64_t errors = 0;   // connections that ended as they should not, at any time
  std::uint64_t refused = 0;  // flood: ended by the other side
  std::uint64_t silent = 0;   // flood: nothing came
  std::string problem;        // why there is no result; empty when there is one

  void merge(const Outcome& other);
};

// The time that is measured; it begins, for all threads, when the last of them is ready.
class Window {
 public:
  // One more than the threads arrive: who reports the beginning does too.
  Window(const Plan& plan, std::size_t arrivals)
      : plan_(plan), barrier_(static_cast<std::ptrdiff_t>(arrivals), Open{this}) {}
  void arrive() { barrier_.arrive_and_wait(); }

  Clock::time_point start() const { return start_; }  // of the warm-up
  Clock::time_point begin() const { return start_ + plan_.warmup; }
  Clock::time_point end() const { return begin() + plan_.duration; }
  bool holds(Clock::time_point time) const { return time >= begin() && time < end(); }

 private:
  struct Open {
    Window* window;
    void operator()() const noexcept { window->start_ = Clock::now(); }
  };
  const Plan& plan_;
  Clock::time_point start_{};
  std::barrier<Open> barrier_;
};

// Connections or attempts of one thread: `count` of them, whose numbers start at `first`.
struct Share {
  std::size_t first = 0;
  std::size_t count = 0;
};

inline constexpr std::uint64_t kMaxErrors = 1'000;  // of a thread; then it gives up
inline constexpr std::size_t kOpening = 256;        // connections of a thread in the making at once

// Keep-alive: each connection asks again once it is answered, or by the plan's rate, in which case latency counts from
// when a request was due, sent or not.
void run_requests(const Plan& plan, Share share, Window& window, Outcome& outcome);
// New connections: opened, with one request (raw) or a full handshake alone (TLS), closed, opened again.
void run_connects(const Plan& plan, Share share, Window& window, Outcome& outcome);
// Connections that had one answer each and stay open until the program's input ends.
void run_idle(const Plan& plan, Share share, Window& window, Outcome& outcome);
// Attempts at the plan's rate by a source that is not welcome. One that gets through is an error.
void run_flood(const Plan& plan, Share share, Window& window, Outcome& outcome);

}  // namespace sallyport::bench
