#pragma once

#include <chrono>
#include <optional>

#include "base/time.h"
#include "workplace/messages.h"

// When a session ends, and when its user is told so. Pure.
namespace sallyport::workplace {

using Steady = std::chrono::steady_clock;

// What the clock goes by.
struct SessionTimes {
  Steady::time_point ends_at;   // whatever happens
  Steady::time_point last_key;  // bytes from the keyboard; output and pings do not count
  base::Seconds idle{};
  Steady::time_point heard;                        // anything from the browser, answers to pings among it
  std::optional<Steady::time_point> drained_at{};  // the host is being stopped, and is so patient
};

struct Foreseen {
  Reason reason = Reason::kExpired;
  Steady::time_point at;
};

// The end that comes first if nothing happens until then.
Foreseen foreseen_end(const SessionTimes& times);

// When to look again: at the end, or kWorkplaceNotice before it.
Steady::time_point next_look(const SessionTimes& times, Steady::time_point now);

// The notice that is due, and how long is left; nothing while the end is further away than kWorkplaceNotice.
std::optional<base::Seconds> notice_due(const SessionTimes& times, Steady::time_point now);

}  // namespace sallyport::workplace
