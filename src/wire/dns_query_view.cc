#include "wire/dns_query_view.h"

#include <cstring>

#include "wire/dns_reader.h"

namespace sallyport::wire {

namespace {

constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxLabel = 63;
constexpr std::size_t kTypeAndClass = 4;
constexpr std::size_t kBareOpt = 11;  // root, type, class, TTL, length
constexpr std::size_t kClientCookie = 8;
constexpr std::size_t kMaxCookie = 40;
// A query of no other opcode, as far as the flags tell that we look at.
constexpr std::uint16_t kUnusualFlags = dns_flags::kResponse | 0xfU << dns_flags::kOpcodeShift;

std::uint16_t u16_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

// Bytes of the name at the front of `bytes`, its root label included; 0 where there is none in plain form.
std::size_t name_size(std::span<const std::uint8_t> bytes) {
  std::size_t at = 0;
  while (at < bytes.size() && at < kMaxName) {
    const std::size_t length = bytes[at];
    if (length == 0) return at + 1;
    if (length > kMaxLabel) return 0;
    at += 1 + length;
  }
  return 0;
}

// The first COOKIE of `options`; false where they make no sense, which is judged elsewhere.
bool read_options(std::span<const std::uint8_t> options, DnsQueryView& view) {
  while (!options.empty()) {
    if (options.size() < 4) return false;
    const std::size_t length = u16_at(options, 2);
    if (options.size() - 4 < length) return false;
    if (u16_at(options, 0) == kDnsCookieOption && view.cookie.empty()) {
      if (length != kClientCookie && (length < 2 * kClientCookie || length > kMaxCookie)) return false;
      view.cookie = options.subspan(4, length);
    }
    options = options.subspan(4 + length);
  }
  return true;
}

// `record` is the rest of the message, and must be one OPT record.
bool read_opt(std::span<const std::uint8_t> record, DnsQueryView& view) {
  if (record.size() < kBareOpt || record[0] != 0 || u16_at(record, 1) != static_cast<std::uint16_t>(DnsType::kOpt)) {
    return false;
  }
  const std::uint8_t version = record[6];
  if (version != 0 || u16_at(record, 9) != record.size() - kBareOpt) return false;
  view.edns = true;
  view.udp_size = u16_at(record, 3);
  view.dnssec_ok = (u16_at(record, 7) & dns_flags::kEdnsDnssecOk) != 0;
  return read_options(record.subspan(kBareOpt), view);
}

constexpr std::uint64_t kEach = 0x0101010101010101U;

// Eight characters at once: the high bit of a byte tells whether it is an upper-case letter.
std::uint64_t lower_eight(std::uint64_t word) {
  const std::uint64_t low_bits = word & (0x7fU * kEach);
  const std::uint64_t past_z = low_bits + (0x7fU - 'Z') * kEach;
  const std::uint64_t from_a = low_bits + (0x80U - 'A') * kEach;
  const std::uint64_t upper = (from_a ^ past_z) & ~word & (0x80U * kEach);
  return word | upper >> 2;
}

bool prints_plain(std::uint8_t c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '*';
}

}  // namespace

std::optional<DnsQueryView> view_dns_query(std::span<const std::uint8_t> message) {
  if (message.size() < kDnsHeaderBytes) return std::nullopt;
  const std::uint16_t flags = u16_at(message, 2);
  const std::uint16_t additionals = u16_at(message, 10);
  if ((flags & kUnusualFlags) != 0 || u16_at(message, 4) != 1 || u16_at(message, 6) != 0 || u16_at(message, 8) != 0 ||
      additionals > 1) {
    return std::nullopt;
  }
  const auto body = message.subspan(kDnsHeaderBytes);
  const std::size_t name = name_size(body);
  if (name == 0 || body.size() - name < kTypeAndClass) return std::nullopt;
  const auto rest = body.subspan(name + kTypeAndClass);

  DnsQueryView view;
  view.question = body.first(name + kTypeAndClass);
  view.id = u16_at(message, 0);
  view.type = static_cast<DnsType>(u16_at(body, name));
  view.klass = static_cast<DnsClass>(u16_at(body, name + 2));
  view.recursion_desired = (flags & dns_flags::kRecursionDesired) != 0;
  view.checking_disabled = (flags & dns_flags::kCheckingDisabled) != 0;
  if (additionals == 0 ? !rest.empty() : !read_opt(rest, view)) return std::nullopt;
  return view;
}

// Length bytes are below 'A': they pass unchanged.
DnsLowerName::DnsLowerName(std::span<const std::uint8_t> name) : size_(name.size()) {  // NOLINT(*-member-init)
  std::size_t at = 0;
  std::uint64_t word = 0;
  for (; at + sizeof word <= size_; at += sizeof word) {
    std::memcpy(&word, name.data() + at, sizeof word);
    word = lower_eight(word);
    std::memcpy(bytes_.data() + at, &word, sizeof word);
  }
  word = 0;
  std::memcpy(&word, name.data() + at, size_ - at);
  word = lower_eight(word);
  std::memcpy(bytes_.data() + at, &word, sizeof word);
}

std::optional<std::string_view> DnsLowerName::into_text() {
  if (size_ < 2) return std::nullopt;
  std::size_t at = 0;
  while (bytes_[at] != 0) {
    const std::size_t end = at + 1 + bytes_[at];
    bytes_[at] = '.';
    for (++at; at < end; ++at) {
      if (!prints_plain(bytes_[at])) return std::nullopt;
    }
  }
  return std::string_view(reinterpret_cast<const char*>(bytes_.data()) + 1, size_ - 2);
}

}  // namespace sallyport::wire
