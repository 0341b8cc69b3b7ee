#include "app/handover_messages.h"

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"

namespace sallyport::app::handover {

namespace {

constexpr std::size_t kLengthBytes = 4;

class Writer {
 public:
  template <std::unsigned_integral T>
  void put(T value) {
    for (std::size_t i = sizeof(T); i-- > 0;)
      bytes_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void flag(bool value) { put<std::uint8_t>(value ? 1 : 0); }
  void blob(std::span<const std::uint8_t> bytes) {
    put(static_cast<std::uint32_t>(bytes.size()));
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
  }
  void text(std::string_view text) { blob(base::as_bytes(text)); }
  void address(const base::IpAddress& address) {
    bytes_.insert(bytes_.end(), address.octets().begin(), address.octets().end());
  }
  void prefix_with_length() {
    std::array<std::uint8_t, kLengthBytes> length{};
    for (std::size_t i = 0; i < kLengthBytes; ++i)
      length[i] = static_cast<std::uint8_t>(bytes_.size() >> (8 * (kLengthBytes - 1 - i)));
    bytes_.insert(bytes_.begin(), length.begin(), length.end());
  }
  std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

// Remembers the first thing that did not fit; what it gives after that means nothing.
class Reader {
 public:
  explicit Reader(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  template <std::unsigned_integral T>
  T get() {
    std::uint64_t value = 0;
    for (const std::uint8_t byte : take(sizeof(T)))
      value = value << 8 | byte;
    return static_cast<T>(value);
  }
  bool flag() {
    const auto value = get<std::uint8_t>();
    good_ = good_ && value <= 1;
    return value == 1;
  }
  std::span<const std::uint8_t> blob() { return take(get<std::uint32_t>()); }
  std::string text() { return std::string(base::as_text(blob())); }
  base::IpAddress address() {
    base::IpAddress::Octets octets{};
    std::ranges::copy(take(octets.size()), octets.begin());
    return base::IpAddress::v6(octets);
  }
  // Of things that take `least` bytes each, so that no number makes us reserve memory for what is not there.
  std::size_t count(std::size_t least) {
    const std::size_t count = get<std::uint32_t>();
    if (count > rest_.size() / least) good_ = false;
    return good_ ? count : 0;
  }
  bool at_end() const { return good_ && rest_.empty(); }
  bool good() const { return good_; }

 private:
  std::span<const std::uint8_t> take(std::size_t size) {
    if (size > rest_.size()) good_ = false;
    if (!good_) return {};
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }

  std::span<const std::uint8_t> rest_;
  bool good_ = true;
};

void write(Writer&, const Take&) {}
void write(Writer& to, const Refused& message) { to.text(message.why); }
void write(Writer& to, const Offered& message) {
  to.flag(message.more);
  to.put(static_cast<std::uint32_t>(message.names.size()));
  for (const std::string& name : message.names)
    to.text(name);
}
void write(Writer&, const Yielded&) {}
void write(Writer&, const Serving&) {}
void write(Writer& to, const Passed& message) {
  to.text(message.listener);
  to.address(message.source.address);
  to.put(message.source.port);
  to.flag(message.proxy_header_due);
  to.blob(message.received);
}
void write(Writer&, const Released&) {}
void write(Writer&, const AskRelays&) {}
void write(Writer& to, const Relays& message) {
  to.flag(message.more);
  to.put(static_cast<std::uint32_t>(message.relays.size()));
  for (const gateway::Relay& relay : message.relays) {
    to.put(relay.id);
    to.text(relay.cluster.str());
    to.text(relay.endpoint.str());
    to.text(relay.listener);
    to.address(relay.source);
  }
}
void write(Writer& to, const Cut& message) {
  to.put(static_cast<std::uint32_t>(message.ids.size()));
  for (const std::uint64_t id : message.ids)
    to.put(id);
}
void write(Writer& to, const CutDone& message) {
  to.put(message.cut);
  to.put(message.left);
}
void write(Writer&, const Leave&) {}

void read(Reader&, Take&) {}
void read(Reader& from, Refused& message) { message.why = from.text(); }
void read(Reader& from, Offered& message) {
  message.more = from.flag();
  message.names.resize(from.count(sizeof(std::uint32_t)));
  for (std::string& name : message.names)
    name = from.text();
}
void read(Reader&, Yielded&) {}
void read(Reader&, Serving&) {}
void read(Reader& from, Passed& message) {
  message.listener = from.text();
  message.source.address = from.address();
  message.source.port = from.get<std::uint16_t>();
  message.proxy_header_due = from.flag();
  const auto received = from.blob();
  message.received.assign(received.begin(), received.end());
}
void read(Reader&, Released&) {}
void read(Reader&, AskRelays&) {}
void read(Reader& from, Relays& message) {
  constexpr std::size_t kLeast = sizeof(std::uint64_t) + 3 * sizeof(std::uint32_t) + 16;
  message.more = from.flag();
  message.relays.resize(from.count(kLeast));
  for (gateway::Relay& relay : message.relays) {
    relay.id = from.get<std::uint64_t>();
    relay.cluster = model::ClusterName(from.text());
    relay.endpoint = model::EndpointId(from.text());
    relay.listener = from.text();
    relay.source = from.address();
  }
}
void read(Reader& from, Cut& message) {
  message.ids.resize(from.count(sizeof(std::uint64_t)));
  for (std::uint64_t& id : message.ids)
    id = from.get<std::uint64_t>();
}
void read(Reader& from, CutDone& message) {
  message.cut = from.get<std::uint64_t>();
  message.left = from.get<std::uint64_t>();
}
void read(Reader&, Leave&) {}

auto corrupt(const char* what) {
  return base::fail(base::ErrorKind::kCorrupt, std::string("the other process sent ") + what);
}

// The message of the variant's alternative `kind`.
template <std::size_t kAt = 0>
std::optional<Message> blank(std::size_t kind) {
  if constexpr (kAt < std::variant_size_v<Message>) {
    if (kind == kAt) return Message(std::in_place_index<kAt>);
    return blank<kAt + 1>(kind);
  } else {
    return std::nullopt;
  }
}

}  // namespace

std::vector<std::uint8_t> encode(const Message& message) {
  Writer to;
  to.put(kVersion);
  to.put(static_cast<std::uint8_t>(message.index()));
  std::visit([&](const auto& given) { write(to, given); }, message);
  to.prefix_with_length();
  return to.take();
}

base::Result<Message> decode(std::span<const std::uint8_t> bytes) {
  if (bytes.size() > base::limits::kHandoverMessageBytes) return corrupt("too long a message");
  Reader from(bytes);
  const auto length = from.get<std::uint32_t>();
  if (!from.good() || length != bytes.size() - kLengthBytes) return corrupt("a message of another length than it says");
  const auto version = from.get<std::uint16_t>();
  if (from.good() && version != kVersion) {
    return base::fail(base::ErrorKind::kInvalidRequest, "the other process speaks version " + std::to_string(version) +
                                                            " of the handover, this one " + std::to_string(kVersion) +
                                                            "; stop it and start this one");
  }
  auto message = blank(from.get<std::uint8_t>());
  if (!from.good() || !message) return corrupt("a message of an unknown kind");
  std::visit([&](auto& to_fill) { read(from, to_fill); }, *message);
  if (!from.at_end()) return corrupt("a message that does not decode");
  return *std::move(message);
}

}  // namespace sallyport::app::handover
