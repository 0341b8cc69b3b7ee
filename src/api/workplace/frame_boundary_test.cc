#include "api/workplace/frame_boundary.h"

#include <gtest/gtest.h>

#include <vector>

namespace sallyport::api::workplace {
namespace {

using Bytes = std::vector<std::uint8_t>;

// A frame of the payload's size in each of the three forms of a length, with or without a mask.
Bytes frame(std::size_t size, std::size_t length_bytes, bool masked) {
  Bytes out{0x82};
  const std::uint8_t mask = masked ? 0x80 : 0;
  out.push_back(static_cast<std::uint8_t>(mask | (length_bytes == 0 ? size : length_bytes == 2 ? 126 : 127)));
  for (std::size_t i = length_bytes; i-- > 0;)
    out.push_back(static_cast<std::uint8_t>((size >> (8 * i)) & 0xff));
  out.insert(out.end(), (masked ? 4 : 0) + size, 0xff);
  return out;
}

TEST(FrameBoundary, IsBetweenFramesAndNowhereElse) {
  for (const auto& [size, length_bytes] : std::vector<std::pair<std::size_t, std::size_t>>{
           {0, 0}, {1, 0}, {125, 0}, {126, 2}, {300, 2}, {0, 2}, {70'000, 8}}) {
    for (const bool masked : {false, true}) {
      FrameBoundary boundary;
      const Bytes bytes = frame(size, length_bytes, masked);
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        ASSERT_EQ(boundary.at_boundary(), i == 0) << size << " at " << i;
        boundary.feed({&bytes[i], 1});
      }
      EXPECT_TRUE(boundary.at_boundary()) << size;
    }
  }
}

TEST(FrameBoundary, PiecesOfAnySizeAreFollowed) {
  Bytes bytes;
  for (const Bytes& one : {frame(5, 0, false), frame(200, 2, false), frame(0, 0, false), frame(66'000, 8, false)})
    bytes.insert(bytes.end(), one.begin(), one.end());
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, std::size_t{4096}, bytes.size()}) {
    FrameBoundary boundary;
    for (std::size_t at = 0; at < bytes.size(); at += step)
      boundary.feed(std::span(bytes).subspan(at, std::min(step, bytes.size() - at)));
    EXPECT_TRUE(boundary.at_boundary()) << step;
    boundary.feed(std::span(bytes).first(3));
    EXPECT_FALSE(boundary.at_boundary());
  }
}

}  // namespace
}  // namespace sallyport::api::workplace
