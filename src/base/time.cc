#include "base/time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace sallyport::base {

namespace {

struct Calendar {
  std::chrono::year_month_day day;
  std::chrono::hh_mm_ss<Millis> clock;
};

Calendar calendar_of(Time time) {
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  return {std::chrono::year_month_day{midnight}, std::chrono::hh_mm_ss<Millis>{time - midnight}};
}

// Reads exactly `count` ASCII digits; -1 when one of them is not a digit.
int digits(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

}  // namespace

Time SystemClock::now() const { return std::chrono::time_point_cast<Millis>(std::chrono::system_clock::now()); }

std::string format_rfc3339(Time time) {
  const Calendar at = calendar_of(time);
  std::array<char, 48> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(at.day.year()),
                    static_cast<unsigned>(at.day.month()), static_cast<unsigned>(at.day.day()),
                    static_cast<int>(at.clock.hours().count()), static_cast<int>(at.clock.minutes().count()),
                    static_cast<int>(at.clock.seconds().count()), static_cast<int>(at.clock.subseconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

std::string format_rfc3339_seconds(Time time) {
  std::string text = format_rfc3339(time);
  return text.replace(text.find('.'), std::string::npos, "Z");
}

std::string format_amz_date(Time time) {
  const Calendar at = calendar_of(time);
  std::array<char, 48> text{};
  const int length =
      std::snprintf(text.data(), text.size(), "%04d%02u%02uT%02d%02d%02dZ", static_cast<int>(at.day.year()),
                    static_cast<unsigned>(at.day.month()), static_cast<unsigned>(at.day.day()),
                    static_cast<int>(at.clock.hours().count()), static_cast<int>(at.clock.minutes().count()),
                    static_cast<int>(at.clock.seconds().count()));
  return {text.data(), static_cast<std::size_t>(length)};
}

Result<Time> parse_amz_date(std::string_view text) {
  const auto bad = [&] {
    return fail(ErrorKind::kInvalidParameter, "X-Amz-Date must have the form YYYYMMDD'T'HHMMSS'Z'", "X-Amz-Date");
  };
  if (text.size() != 16 || text[8] != 'T' || text[15] != 'Z') return bad();
  const int year = digits(text, 0, 4);
  const int month = digits(text, 4, 2);
  const int day = digits(text, 6, 2);
  const int hour = digits(text, 9, 2);
  const int minute = digits(text, 11, 2);
  const int second = digits(text, 13, 2);
  if (year < 1970 || month < 1 || day < 1 || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
      second > 59) {
    return bad();
  }
  const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{static_cast<unsigned>(month)},
                                         std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return bad();
  return Time{std::chrono::sys_days{date}} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
         std::chrono::seconds{second};
}

}  // namespace sallyport::base
