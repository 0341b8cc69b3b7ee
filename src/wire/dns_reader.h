#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "wire/dns_name.h"

namespace sallyport::wire {

// The fixed part of a message (RFC 1035 section 4.1.1).
struct DnsHeader {
  std::uint16_t id = 0;
  std::uint16_t flags = 0;
  std::uint16_t questions = 0;
  std::uint16_t answers = 0;
  std::uint16_t authorities = 0;
  std::uint16_t additionals = 0;
};

namespace dns_flags {
inline constexpr std::uint16_t kResponse = 0x8000;
inline constexpr std::uint16_t kAuthoritative = 0x0400;
inline constexpr std::uint16_t kTruncated = 0x0200;
inline constexpr std::uint16_t kRecursionDesired = 0x0100;
inline constexpr std::uint16_t kRecursionAvailable = 0x0080;
inline constexpr std::uint16_t kCheckingDisabled = 0x0010;  // RFC 4035 section 3.2.2
inline constexpr std::uint16_t kRcodeMask = 0x000f;
inline constexpr unsigned kOpcodeShift = 11;
inline constexpr std::uint32_t kEdnsDnssecOk = 0x8000;  // in the OPT record's TTL, RFC 3225
}  // namespace dns_flags

// One resource record where it stands in a message: the data is not copied.
struct DnsRecordView {
  DnsName owner;
  std::uint16_t type = 0;
  std::uint16_t klass = 0;
  std::uint32_t ttl = 0;
  std::span<const std::uint8_t> data;
  std::size_t start = 0;  // offset of the owner in the message
};

// Reads a message front to back. A step gives nothing where the bytes run out or make no sense; where the
// reader then stands is unspecified. The message must outlive the reader and its views.
class DnsReader {
 public:
  explicit DnsReader(std::span<const std::uint8_t> message) : message_(message) {}

  std::optional<DnsHeader> header();
  std::optional<std::uint16_t> u16();
  std::optional<std::uint32_t> u32();
  std::optional<std::span<const std::uint8_t>> bytes(std::size_t count);
  std::optional<DnsName> name();
  std::optional<DnsRecordView> record();
  std::size_t offset() const { return offset_; }
  bool at_end() const { return offset_ == message_.size(); }

 private:
  std::span<const std::uint8_t> message_;
  std::size_t offset_ = 0;
};

}  // namespace sallyport::wire
