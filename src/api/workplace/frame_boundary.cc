#include "api/workplace/frame_boundary.h"

#include <algorithm>

namespace sallyport::api::workplace {

namespace {

constexpr std::uint8_t kMasked = 0x80;
constexpr std::uint8_t kLength = 0x7f;
constexpr std::uint8_t kTwoBytes = 126;
constexpr std::uint8_t kEightBytes = 127;
constexpr std::size_t kMaskBytes = 4;

}  // namespace

void FrameBoundary::header_byte(std::uint8_t byte) {
  ++seen_;
  if (seen_ == 2) {
    const std::uint8_t length = byte & kLength;
    length_bytes_ = length == kTwoBytes ? 2 : length == kEightBytes ? 8 : 0;
    length_ = length_bytes_ == 0 ? length : 0;
    header_ = 2 + length_bytes_ + ((byte & kMasked) != 0 ? kMaskBytes : 0);
  } else if (seen_ > 2 && seen_ <= 2 + length_bytes_) {
    length_ = (length_ << 8U) | byte;
  }
  if (seen_ < 2 || seen_ < header_) return;
  payload_ = length_;
  seen_ = 0;
  header_ = 2;
}

void FrameBoundary::feed(std::span<const std::uint8_t> bytes) {
  while (!bytes.empty()) {
    if (payload_ > 0) {
      const auto passed = static_cast<std::size_t>(std::min<std::uint64_t>(payload_, bytes.size()));
      payload_ -= passed;
      bytes = bytes.subspan(passed);
    } else {
      header_byte(bytes.front());
      bytes = bytes.subspan(1);
    }
  }
}

}  // namespace sallyport::api::workplace
