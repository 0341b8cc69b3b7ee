#include "wire/dns_name.h"

#include "base/bytes.h"

namespace sallyport::wire {

namespace {

constexpr std::size_t kMaxName = 255;
constexpr std::size_t kMaxLabel = 63;
constexpr std::uint8_t kPointerMask = 0xc0;
constexpr std::size_t kFirstName = 12;  // names start after the header

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool prints_plain(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_' || c == '*';
}

// One character of presentation form at `at`, which moves past it.
std::optional<char> unescape(std::string_view text, std::size_t& at) {
  if (text[at] != '\\') return text[at++];
  const std::string_view rest = text.substr(at + 1);
  if (rest.empty()) return std::nullopt;
  if (!is_digit(rest[0])) {
    at += 2;
    return rest[0];
  }
  if (rest.size() < 3 || !is_digit(rest[1]) || !is_digit(rest[2])) return std::nullopt;
  const int value = (rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0');
  if (value > 255) return std::nullopt;
  at += 4;
  return static_cast<char>(value);
}

void print(std::string& out, char c) {
  if (prints_plain(c)) {
    out.push_back(c);
    return;
  }
  const auto value = static_cast<unsigned char>(c);
  out.push_back('\\');
  out.push_back(static_cast<char>('0' + value / 100));
  out.push_back(static_cast<char>('0' + value / 10 % 10));
  out.push_back(static_cast<char>('0' + value % 10));
}

}  // namespace

std::optional<DnsName> DnsName::parse(std::string_view text) {
  std::string labels;
  std::string label;
  const auto close_label = [&] {
    if (label.empty() || label.size() > kMaxLabel || labels.size() + label.size() + 2 > kMaxName) return false;
    labels.push_back(static_cast<char>(label.size()));
    labels += label;
    label.clear();
    return true;
  };
  if (text == ".") return DnsName();
  std::size_t at = 0;
  while (at < text.size()) {
    if (text[at] == '.') {
      if (!close_label()) return std::nullopt;
      ++at;
      continue;
    }
    const auto c = unescape(text, at);
    if (!c || label.size() == kMaxLabel) return std::nullopt;
    label.push_back(*c);
  }
  if (!label.empty() && !close_label()) return std::nullopt;
  if (labels.empty()) return std::nullopt;
  DnsName name;
  name.wire_.insert(0, labels);
  return name;
}

std::optional<DnsName> DnsName::read(std::span<const std::uint8_t> message, std::size_t& offset) {
  DnsName name;
  name.wire_.clear();
  std::size_t at = offset;
  std::size_t lowest = offset;  // where the part being read starts
  bool jumped = false;
  while (at < message.size()) {
    const std::uint8_t length = message[at];
    if ((length & kPointerMask) == kPointerMask) {
      if (at + 1 >= message.size()) return std::nullopt;
      const std::size_t target = static_cast<std::size_t>(length & ~kPointerMask) << 8 | message[at + 1];
      if (target >= lowest || target < kFirstName) return std::nullopt;
      if (!jumped) offset = at + 2;
      jumped = true;
      at = lowest = target;
      continue;
    }
    if (length > kMaxLabel || at + 1 + length > message.size()) return std::nullopt;
    if (name.wire_.size() + 1 + length > kMaxName) return std::nullopt;
    name.wire_ += base::as_text(message.subspan(at, 1U + length));
    at += 1U + length;
    if (length == 0) {
      if (!jumped) offset = at;
      return name;
    }
  }
  return std::nullopt;
}

std::string DnsName::to_text() const {
  if (is_root()) return ".";
  std::string out;
  out.reserve(wire_.size());
  for (std::size_t at = 0; wire_[at] != '\0';) {
    if (at != 0) out.push_back('.');
    const auto length = static_cast<unsigned char>(wire_[at]);
    for (const char c : std::string_view(wire_).substr(at + 1, length))
      print(out, c);
    at += 1U + length;
  }
  return out;
}

bool DnsName::same_as(const DnsName& other) const { return base::ascii_iequals(wire_, other.wire_); }

bool DnsName::is_within(const DnsName& ancestor) const {
  const std::string_view mine = wire_;
  const std::string_view theirs = ancestor.wire_;
  std::size_t at = 0;
  while (mine.size() - at > theirs.size())
    at += 1U + static_cast<unsigned char>(mine[at]);
  return base::ascii_iequals(mine.substr(at), theirs);
}

std::optional<DnsName> DnsName::child(std::string_view label) const {
  if (label.empty() || label.size() > kMaxLabel || wire_.size() + 1 + label.size() > kMaxName) return std::nullopt;
  DnsName name;
  name.wire_ = static_cast<char>(label.size());
  name.wire_ += label;
  name.wire_ += wire_;
  return name;
}

}  // namespace sallyport::wire
