#pragma once

#include <chrono>
#include <optional>

namespace sallyport::provider {

// How long to wait before a process that ended is started again: a quarter of a second at first, twice as long each
// time, half a minute at most, and from the start again once it stayed up for a minute.
class BackOff {
 public:
  using Duration = std::chrono::milliseconds;

  // After an end that nobody asked for; `lived` is how long the process had run.
  Duration after_end(Duration lived);
  void reset() { last_.reset(); }

 private:
  std::optional<Duration> last_;
};

}  // namespace sallyport::provider
