#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace sallyport::bench {

// Durations in nanoseconds, kept in buckets at most 1/64 wide of their value. Not thread-safe: one a thread, merged.
class Histogram {
 public:
  void add(std::uint64_t nanoseconds) {
    ++buckets_[bucket_of(nanoseconds)];
    ++count_;
    longest_ = std::max(longest_, nanoseconds);
  }

  void merge(const Histogram& other) {
    for (std::size_t i = 0; i < buckets_.size(); ++i)
      buckets_[i] += other.buckets_[i];
    count_ += other.count_;
    longest_ = std::max(longest_, other.longest_);
  }

  // The upper bound of the bucket in which `share` (0 to 1) of all values is reached; 0 when there are none.
  std::uint64_t quantile(double share) const {
    const auto wanted = static_cast<std::uint64_t>(share * static_cast<double>(count_));
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
      seen += buckets_[i];
      if (seen > wanted) return std::min(upper_bound(i), longest_);
    }
    return longest_;
  }

  std::uint64_t count() const { return count_; }
  std::uint64_t longest() const { return longest_; }

 private:
  static constexpr unsigned kBits = 6;
  static constexpr std::uint64_t kSteps = 1U << kBits;

  // Values below 64 have a bucket each; above, each power of two has 64 equal ones.
  static std::size_t bucket_of(std::uint64_t value) {
    if (value < kSteps) return static_cast<std::size_t>(value);
    const auto shift = static_cast<unsigned>(std::bit_width(value)) - kBits - 1;
    return static_cast<std::size_t>((shift + 1) * kSteps + ((value >> shift) - kSteps));
  }
  static std::uint64_t upper_bound(std::size_t bucket) {
    if (bucket < kSteps) return bucket;
    const auto shift = static_cast<unsigned>(bucket / kSteps) - 1;
    return ((bucket % kSteps + kSteps + 1) << shift) - 1;
  }

  std::array<std::uint64_t, (64 - kBits + 1) * kSteps> buckets_{};
  std::uint64_t count_ = 0;
  std::uint64_t longest_ = 0;
};

}  // namespace sallyport::bench
