#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "wire/dns_name.h"

namespace sallyport::wire {

// Appends the fields of a message, big-endian.
class DnsWriter {
 public:
  void u8(std::uint8_t value) { out_.push_back(value); }
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void bytes(std::span<const std::uint8_t> data) { out_.insert(out_.end(), data.begin(), data.end()); }
  void name(const DnsName& name);
  // With its longest tail that the first question also has (case aside) as a pointer (RFC 1035 section
  // 4.1.4): what is repeated in our answers is always a tail of the question.
  void name_after(const DnsName& name, const DnsName& question);
  // Change what was written: `at` and what follows lie inside.
  void set_u16(std::size_t at, std::uint16_t value);
  void set_bytes(std::size_t at, std::span<const std::uint8_t> data);
  std::uint16_t get_u16(std::size_t at) const;
  void shrink(std::size_t size) { out_.resize(size); }

  std::size_t size() const { return out_.size(); }
  std::vector<std::uint8_t> take() && { return std::move(out_); }

 private:
  std::vector<std::uint8_t> out_;
};

}  // namespace sallyport::wire
