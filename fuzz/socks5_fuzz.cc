// The bytes of a SOCKS client, read as each of its messages. What is complete lies within the input, does not
// change with fewer bytes behind it, and a message never needs more than its greatest length.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "wire/socks5.h"

namespace socks5 = sallyport::wire::socks5;

namespace {

void require(bool held) {
  if (!held) std::abort();
}

template <class Read>
void check(Read read, std::span<const std::uint8_t> bytes) {
  const auto message = read(bytes);
  require(message.size <= bytes.size() && (message.state == socks5::State::kComplete) == (message.size > 0));
  if (message.state == socks5::State::kNeedsMore) require(bytes.size() < socks5::kMaxMessageBytes);
  if (message.state != socks5::State::kComplete) return;
  require(read(bytes.first(message.size)).size == message.size);
  require(read(bytes.first(message.size - 1)).state == socks5::State::kNeedsMore);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::span<const std::uint8_t> bytes(data, size);
  check(socks5::read_greeting, bytes);
  check(socks5::read_login, bytes);
  check(socks5::read_request, bytes);
  const auto request = socks5::read_request(bytes);
  require((request.state == socks5::State::kInvalid) == (request.refusal != socks5::Reply::kSucceeded));
  return 0;
}
