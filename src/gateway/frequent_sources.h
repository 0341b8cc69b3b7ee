#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/ip_address.h"
#include "base/limits.h"
#include "gateway/counters.h"

namespace sallyport::gateway {

// How often each source came, in bounded memory, by Space-Saving (A. Metwally, D. Agrawal, A. El Abbadi: "Efficient
// Computation of Frequent and Top-k Elements in Data Streams", ICDT 2005). A source that is not listed takes the place
// of the one with the smallest count, and its count on top of its own, which is remembered as `error`. So:
//   exact:    `total`; every count while no more than kRoom sources came;
//   estimate: of a listed source, count - error <= what it had <= count; of any other, it had at most `floor`.
// Who had more than total / kRoom is listed, whatever else came. Allocates nothing; one thread.
class FrequentSources {
 public:
  static constexpr std::size_t kRoom = base::limits::kTrafficSources;
  using Instant = std::chrono::steady_clock::time_point;

  struct Entry {
    base::IpAddress source;
    bool private_arrival = false;
    Refusal reason = Refusal::kCount;  // of the last time; kCount where it was admitted
    std::uint64_t count = 0;
    std::uint64_t error = 0;
    Instant last{};
  };

  // Whether another source lost its place.
  bool add(const base::IpAddress& source, bool private_arrival, Refusal reason, Instant now);
  void clear();

  std::span<const Entry> entries() const { return std::span(entries_).first(used_); }
  std::uint64_t total() const { return total_; }
  std::uint64_t floor() const;

 private:
  std::size_t place_of_least() const;

  std::size_t used_ = 0;
  std::uint64_t total_ = 0;
  std::array<std::uint32_t, kRoom> marks_{};  // beside the entries, so that a search reads little
  std::array<Entry, kRoom> entries_{};
};

}  // namespace sallyport::gateway
