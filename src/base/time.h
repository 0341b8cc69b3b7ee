#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sallyport::base {

using Millis = std::chrono::milliseconds;
using Seconds = std::chrono::seconds;

// Wall-clock time, UTC, to the millisecond: what records and signatures carry.
using Time = std::chrono::sys_time<Millis>;

// The only source of wall-clock time below src/app, so that tests can set it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual Time now() const = 0;
};

class SystemClock final : public Clock {
 public:
  Time now() const override;
};

// "2026-11-24T14:30:00.123Z" (RFC 3339, UTC).
std::string format_rfc3339(Time time);
// The same cut to the second: "2026-11-24T14:30:00Z".
std::string format_rfc3339_seconds(Time time);
// "20261124T143000Z", the form of X-Amz-Date.
std::string format_amz_date(Time time);
// Parses only the form "20261124T143000Z"; every field is range-checked, leap seconds refused.
Result<Time> parse_amz_date(std::string_view text);

}  // namespace sallyport::base
