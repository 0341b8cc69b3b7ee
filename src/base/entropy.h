#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace sallyport::base {

// Source of unpredictable bytes for ids and keys. Thread-safe. Tests pass a seeded one.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;
};

// getrandom(2). Aborts the process if the kernel refuses: no id or key is ever made of less.
class SystemEntropy final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override;
};

// `digits` hexadecimal digits, lower case.
std::string random_hex(Entropy& entropy, std::size_t digits);
// RFC 4122 version 4, lower case.
std::string random_uuid(Entropy& entropy);

}  // namespace sallyport::base
