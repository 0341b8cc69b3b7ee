#include "gateway/frequent_sources.h"

#include <algorithm>
#include <functional>

namespace sallyport::gateway {

namespace {

std::uint32_t mark_of(const base::IpAddress& source, bool private_arrival) {
  const std::uint64_t hash = std::hash<base::IpAddress>{}(source)*0x9e3779b97f4a7c15U;
  return static_cast<std::uint32_t>(hash >> 32U) ^ (private_arrival ? 1U : 0U);
}

}  // namespace

bool FrequentSources::add(const base::IpAddress& source, bool private_arrival, Refusal reason, Instant now) {
  ++total_;
  const std::uint32_t mark = mark_of(source, private_arrival);
  for (std::size_t i = 0; i < used_; ++i) {
    if (marks_[i] != mark || entries_[i].source != source || entries_[i].private_arrival != private_arrival) continue;
    ++entries_[i].count;
    entries_[i].reason = reason;
    entries_[i].last = now;
    return false;
  }
  const bool full = used_ == kRoom;
  const std::size_t place = full ? place_of_least() : used_++;
  const std::uint64_t taken_over = full ? entries_[place].count : 0;
  marks_[place] = mark;
  entries_[place] = {.source = source,
                     .private_arrival = private_arrival,
                     .reason = reason,
                     .count = taken_over + 1,
                     .error = taken_over,
                     .last = now};
  return full;
}

void FrequentSources::clear() {
  used_ = 0;
  total_ = 0;
}

std::uint64_t FrequentSources::floor() const { return used_ < kRoom ? 0 : entries_[place_of_least()].count; }

std::size_t FrequentSources::place_of_least() const {
  return static_cast<std::size_t>(std::ranges::min_element(entries_, {}, &Entry::count) - entries_.begin());
}

}  // namespace sallyport::gateway
