#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "wire/dns_types.h"

namespace sallyport::wire {

// A query where it stands in its message, which must outlive the view: nothing is copied.
struct DnsQueryView {
  std::span<const std::uint8_t> question;  // name, type and class, as they came; the name is not compressed
  std::span<const std::uint8_t> cookie;    // data of the COOKIE option, 8 or 16 to 40 bytes; empty for none
  std::uint16_t id = 0;
  std::uint16_t udp_size = 0;  // of the OPT record
  DnsType type = DnsType::kA;
  DnsClass klass = DnsClass::kIn;
  bool recursion_desired = false;
  bool checking_disabled = false;
  bool edns = false;
  bool dnssec_ok = false;

  std::span<const std::uint8_t> name() const { return question.first(question.size() - 4); }
};

// Reads the shape nearly every query has: one uncompressed question, then nothing or one OPT record of EDNS version
// 0. What it gives is what parse_dns_query would give; nothing for everything else, good or bad, which is for
// parse_dns_query to judge. Allocates nothing.
std::optional<DnsQueryView> view_dns_query(std::span<const std::uint8_t> message);

// A name in lower case, in wire form and as text; what equal names are found by. Allocates nothing.
class DnsLowerName {
 public:
  // `name` is uncompressed and ends with its root label, as DnsQueryView::name does.
  explicit DnsLowerName(std::span<const std::uint8_t> name);

  std::span<const std::uint8_t> wire() const { return std::span(bytes_).first(size_); }
  // As DnsName::to_text, in lower case; nothing for the root and where a character would have to be escaped. Overwrites
  // the length bytes of `wire`, so it comes last.
  std::optional<std::string_view> into_text();

 private:
  alignas(8) std::array<std::uint8_t, 256> bytes_;  // beyond size_ there is nothing to see
  std::size_t size_;
};

}  // namespace sallyport::wire
