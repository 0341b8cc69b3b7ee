#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace sallyport::gateway {

// Bytes that one side gave and the other has not taken yet.
struct Block {
  std::unique_ptr<std::uint8_t[]> bytes;  // of limits::kRelayBufferBytes, or null
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  bool empty() const { return begin == end; }
  std::span<const std::uint8_t> rest() const { return {bytes.get() + begin, end - begin}; }
};

// The memory of one worker's relays: a block to read into, and those that hold what a slow receiver has not taken. Only
// so many are out at a time; relays that find none leave the bytes in the kernel. Blocks come back
// to be used again, so that a steady load allocates nothing. Used on the worker's thread alone.
class Buffers {
 public:
  // `limit` is how many blocks may be out at a time.
  explicit Buffers(std::size_t limit);

  std::span<std::uint8_t> scratch() { return {scratch_.get(), kBytes}; }
  bool can_lend() const { return lent_ < limit_; }
  // The block that was read into, of which `begin` to `end` is left; another takes its place. can_lend() only.
  Block lend(std::size_t begin, std::size_t end);
  // A copy of at most limits::kRelayBufferBytes, whatever the limit: a ClientHello has no other place to stay.
  Block copy(std::span<const std::uint8_t> bytes);
  void take_back(Block& block);

 private:
  using Bytes = std::unique_ptr<std::uint8_t[]>;
  static const std::size_t kBytes;

  Bytes fresh();

  const std::size_t limit_;
  std::vector<Bytes> spare_;
  Bytes scratch_;
  std::size_t lent_ = 0;
};

}  // namespace sallyport::gateway
