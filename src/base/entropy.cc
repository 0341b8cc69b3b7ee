#include "base/entropy.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include "base/bytes.h"

namespace sallyport::base {

void SystemEntropy::fill(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = ::getrandom(out.data(), out.size(), 0);
    // A signal may interrupt a large or an early request.
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) std::abort();
    out = out.subspan(static_cast<std::size_t>(got));
  }
}

std::string random_hex(Entropy& entropy, std::size_t digits) {
  std::vector<std::uint8_t> raw((digits + 1) / 2);
  entropy.fill(raw);
  std::string text = to_hex(raw);
  text.resize(digits);
  return text;
}

std::string random_uuid(Entropy& entropy) {
  std::array<std::uint8_t, 16> raw{};
  entropy.fill(raw);
  raw[6] = static_cast<std::uint8_t>((raw[6] & 0x0f) | 0x40);
  raw[8] = static_cast<std::uint8_t>((raw[8] & 0x3f) | 0x80);
  std::string text = to_hex(raw);
  for (const std::size_t at : {8U, 13U, 18U, 23U})
    text.insert(at, 1, '-');
  return text;
}

}  // namespace sallyport::base
