#include "wire/client_hello.h"

#include <algorithm>

#include "base/limits.h"

namespace sallyport::wire {

namespace {

constexpr std::uint8_t kHandshakeRecord = 22;
constexpr std::size_t kRecordHeaderBytes = 5;
constexpr std::size_t kRecordFragmentBytes = 1U << 14;
constexpr std::uint8_t kClientHelloMessage = 1;
constexpr std::size_t kMessageHeaderBytes = 4;
constexpr std::uint16_t kServerNameExtension = 0;
constexpr std::uint8_t kHostName = 0;
constexpr std::size_t kHostNameBytes = 255;

// Takes fields off the front of a span; after a field that is not there, `ok` stays false.
class Fields {
 public:
  explicit Fields(std::span<const std::uint8_t> bytes) : left_(bytes) {}

  std::span<const std::uint8_t> bytes(std::size_t count) {
    if (!ok_ || left_.size() < count) {
      ok_ = false;
      return {};
    }
    const auto taken = left_.first(count);
    left_ = left_.subspan(count);
    return taken;
  }
  std::size_t number(std::size_t width) {
    std::size_t value = 0;
    for (const std::uint8_t byte : bytes(width))
      value = (value << 8) | byte;
    return value;
  }
  std::span<const std::uint8_t> vector(std::size_t length_width) { return bytes(number(length_width)); }

  bool ok() const { return ok_; }
  bool done() const { return left_.empty(); }

 private:
  std::span<const std::uint8_t> left_;
  bool ok_ = true;
};

struct Name {
  std::string_view problem;
  std::optional<std::string> host;
};

bool printable(std::span<const std::uint8_t> text) {
  return std::ranges::all_of(text, [](std::uint8_t c) { return c > 0x20 && c < 0x7f; });
}

Name read_server_name(std::span<const std::uint8_t> extension) {
  Fields outer(extension);
  Fields list(outer.vector(2));
  if (!outer.ok() || !outer.done() || list.done()) return {"server_name does not decode", {}};
  Name name;
  while (!list.done()) {
    const std::size_t type = list.number(1);
    const auto value = list.vector(2);
    if (!list.ok()) return {"server_name does not decode", {}};
    if (type != kHostName) continue;
    if (name.host) return {"server_name has two host names", {}};
    if (value.empty() || value.size() > kHostNameBytes) return {"host name is empty or over 255 bytes", {}};
    if (!printable(value)) return {"host name is not printable ASCII", {}};
    name.host.emplace(value.begin(), value.end());
  }
  return name;
}

Name read_extensions(std::span<const std::uint8_t> bytes) {
  Fields extensions(bytes);
  Name name;
  bool named = false;
  while (!extensions.done()) {
    const std::size_t type = extensions.number(2);
    const auto data = extensions.vector(2);
    if (!extensions.ok()) return {"an extension is cut short", {}};
    if (type != kServerNameExtension) continue;
    if (named) return {"two server_name extensions", {}};
    named = true;
    name = read_server_name(data);
    if (!name.problem.empty()) return name;
  }
  return name;
}

Name read_body(std::span<const std::uint8_t> body) {
  Fields fields(body);
  fields.bytes(2);   // legacy_version
  fields.bytes(32);  // random
  const auto session = fields.vector(1);
  const auto ciphers = fields.vector(2);
  const auto compression = fields.vector(1);
  if (!fields.ok()) return {"ClientHello is cut short", {}};
  if (session.size() > 32) return {"session id is over 32 bytes", {}};
  if (ciphers.empty() || ciphers.size() % 2 != 0) return {"cipher suites do not decode", {}};
  if (compression.empty()) return {"no compression method", {}};
  if (fields.done()) return {};  // TLS 1.2 and older may have no extensions
  const auto extensions = fields.vector(2);
  if (!fields.ok() || !fields.done()) return {"extensions do not fill the ClientHello", {}};
  return read_extensions(extensions);
}

}  // namespace

ClientHelloReader::State ClientHelloReader::fail(std::string_view problem) {
  problem_ = problem;
  message_.clear();
  return state_ = State::kInvalid;
}

bool ClientHelloReader::take_record_header(std::uint8_t byte) {
  header_.push_back(byte);
  if (header_[0] != kHandshakeRecord) return fail("not a TLS handshake"), false;
  if (header_.size() >= 2 && header_[1] != 3) return fail("unknown record version"), false;
  if (header_.size() < kRecordHeaderBytes) return true;
  record_left_ = static_cast<std::size_t>(header_[3] << 8 | header_[4]);
  header_.clear();
  if (record_left_ == 0) return fail("empty record"), false;
  if (record_left_ > kRecordFragmentBytes) return fail("record is over 16 KiB"), false;
  return true;
}

// False once the message is complete or invalid.
bool ClientHelloReader::take_fragment(std::span<const std::uint8_t> fragment) {
  for (std::size_t i = 0; message_.size() < kMessageHeaderBytes && i < fragment.size();) {
    message_.push_back(fragment[i]);
    fragment = fragment.subspan(1);
    i = 0;
  }
  if (!message_.empty() && message_[0] != kClientHelloMessage) return fail("not a ClientHello"), false;
  if (message_.size() < kMessageHeaderBytes) return true;
  const std::size_t length = static_cast<std::size_t>(message_[1]) << 16 | static_cast<std::size_t>(message_[2]) << 8 |
                             static_cast<std::size_t>(message_[3]);
  const std::size_t whole = kMessageHeaderBytes + length;
  const std::size_t missing = whole - message_.size();
  if (seen_ - fragment.size() + missing > base::limits::kClientHelloBytes) {
    return fail("ClientHello is over 16 KiB"), false;
  }
  const auto wanted = fragment.first(std::min(missing, fragment.size()));
  message_.insert(message_.end(), wanted.begin(), wanted.end());
  if (message_.size() < whole) return true;
  finish();
  return false;
}

ClientHelloReader::State ClientHelloReader::finish() {
  const Name name = read_body(std::span(message_).subspan(kMessageHeaderBytes));
  if (!name.problem.empty()) return fail(name.problem);
  server_name_ = name.host;
  message_ = {};
  return state_ = State::kComplete;
}

ClientHelloReader::State ClientHelloReader::feed(std::span<const std::uint8_t> bytes) {
  while (state_ == State::kNeedsMore && !bytes.empty()) {
    if (seen_ >= base::limits::kClientHelloBytes) return fail("ClientHello is over 16 KiB");
    if (record_left_ == 0) {
      ++seen_;
      if (!take_record_header(bytes[0])) return state_;
      bytes = bytes.subspan(1);
      continue;
    }
    const auto fragment = bytes.first(std::min({record_left_, bytes.size(), base::limits::kClientHelloBytes - seen_}));
    bytes = bytes.subspan(fragment.size());
    record_left_ -= fragment.size();
    seen_ += fragment.size();
    if (!take_fragment(fragment)) return state_;
  }
  if (state_ == State::kNeedsMore && seen_ >= base::limits::kClientHelloBytes) {
    return fail("ClientHello is over 16 KiB");
  }
  return state_;
}

}  // namespace sallyport::wire
