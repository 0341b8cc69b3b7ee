#include "gateway/buffers.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"

namespace sallyport::gateway {

namespace {
// Kept for the next; more than these are for a burst, whose memory is better given back.
constexpr std::size_t kSpare = 32;
}  // namespace

const std::size_t Buffers::kBytes = base::limits::kRelayBufferBytes;

Buffers::Buffers(std::size_t limit) : limit_(limit), scratch_(fresh()) { spare_.reserve(kSpare); }

Buffers::Bytes Buffers::fresh() {
  if (spare_.empty()) return Bytes(new std::uint8_t[kBytes]);
  Bytes bytes = std::move(spare_.back());
  spare_.pop_back();
  return bytes;
}

Block Buffers::lend(std::size_t begin, std::size_t end) {
  ++lent_;
  return {std::exchange(scratch_, fresh()), static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)};
}

Block Buffers::copy(std::span<const std::uint8_t> bytes) {
  ++lent_;
  Block block{fresh(), 0, static_cast<std::uint32_t>(std::min(bytes.size(), kBytes))};
  std::copy_n(bytes.begin(), block.end, block.bytes.get());
  return block;
}

void Buffers::take_back(Block& block) {
  if (block.bytes == nullptr) return;
  --lent_;
  if (spare_.size() < kSpare) spare_.push_back(std::move(block.bytes));
  block = {};
}

}  // namespace sallyport::gateway
