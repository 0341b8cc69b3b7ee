#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace sallyport::api::workplace {

// Follows a WebSocket's bytes of one direction to know where a frame of our own may stand: between two of theirs
// (RFC 6455 section 5.2). What the frames say is not looked at.
class FrameBoundary {
 public:
  void feed(std::span<const std::uint8_t> bytes);
  bool at_boundary() const { return seen_ == 0 && payload_ == 0; }

 private:
  void header_byte(std::uint8_t byte);

  std::size_t seen_ = 0;  // bytes of a header that is not complete
  std::size_t header_ = 2;
  std::size_t length_bytes_ = 0;
  std::uint64_t length_ = 0;
  std::uint64_t payload_ = 0;  // to come
};

}  // namespace sallyport::api::workplace
