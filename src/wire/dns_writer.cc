#include "wire/dns_writer.h"

#include <algorithm>
#include <string_view>

#include "base/bytes.h"
#include "wire/dns_types.h"

namespace sallyport::wire {

void DnsWriter::u16(std::uint16_t value) {
  u8(static_cast<std::uint8_t>(value >> 8));
  u8(static_cast<std::uint8_t>(value));
}

void DnsWriter::u32(std::uint32_t value) {
  u16(static_cast<std::uint16_t>(value >> 16));
  u16(static_cast<std::uint16_t>(value));
}

void DnsWriter::set_u16(std::size_t at, std::uint16_t value) {
  out_[at] = static_cast<std::uint8_t>(value >> 8);
  out_[at + 1] = static_cast<std::uint8_t>(value);
}

void DnsWriter::set_bytes(std::size_t at, std::span<const std::uint8_t> data) {
  std::ranges::copy(data, out_.begin() + static_cast<std::ptrdiff_t>(at));
}

std::uint16_t DnsWriter::get_u16(std::size_t at) const {
  return static_cast<std::uint16_t>(out_[at] << 8 | out_[at + 1]);
}

void DnsWriter::name(const DnsName& name) { bytes(base::as_bytes(name.wire())); }

void DnsWriter::name_after(const DnsName& name, const DnsName& question) {
  const std::string_view mine = name.wire();
  const std::string_view theirs = question.wire();
  std::size_t theirs_at = 0;
  for (std::size_t at = 0; mine[at] != '\0'; at += 1U + static_cast<unsigned char>(mine[at])) {
    const std::string_view tail = mine.substr(at);
    while (theirs.size() - theirs_at > tail.size())
      theirs_at += 1U + static_cast<unsigned char>(theirs[theirs_at]);
    if (base::ascii_iequals(theirs.substr(theirs_at), tail)) {
      u16(static_cast<std::uint16_t>(0xc000U | (kDnsHeaderBytes + theirs_at)));
      return;
    }
    bytes(base::as_bytes(mine.substr(at, 1U + static_cast<unsigned char>(mine[at]))));
  }
  u8(0);
}

}  // namespace sallyport::wire
