#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace sallyport::wire {

// A domain name in uncompressed wire form (RFC 1035 section 3.1): at most 255 bytes, labels of any
// bytes, case kept. A value.
class DnsName {
 public:
  DnsName() : wire_(1, '\0') {}  // the root

  // Presentation form (RFC 1035 section 5.1): labels between dots, "\DDD" and "\X" escapes, trailing dot
  // optional. Nothing for an empty label, a label over 63 bytes, a name over 255 or a broken escape.
  static std::optional<DnsName> parse(std::string_view text);

  // The name at `offset` of a whole message, following compression (RFC 1035 section 4.1.4); `offset`
  // moves past it. A pointer must lead strictly backwards, and never into the header, so reading ends.
  // Nothing where the bytes are no name; `offset` is then unspecified.
  static std::optional<DnsName> read(std::span<const std::uint8_t> message, std::size_t& offset);

  const std::string& wire() const { return wire_; }
  bool is_root() const { return wire_.size() == 1; }

  // Without trailing dot; "." for the root. Bytes other than letters, digits, "-", "_" and "*" become
  // "\DDD", dots inside a label included: two names never print alike, nor one as a child of another.
  std::string to_text() const;

  // RFC 4343: ASCII letters compare without case.
  bool same_as(const DnsName& other) const;
  // Same as `ancestor` or below it, ignoring case.
  bool is_within(const DnsName& ancestor) const;
  // `label` in front of this name; nothing where that is too long.
  std::optional<DnsName> child(std::string_view label) const;

  friend bool operator==(const DnsName&, const DnsName&) = default;

 private:
  std::string wire_;
};

}  // namespace sallyport::wire
