#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "gateway/succession.h"

// What a process and its successor say to each other (docs/adr/0029). Pure: bytes in, values out.
namespace sallyport::app::handover {

inline constexpr std::uint16_t kVersion = 1;

// The successor, first: it wants to take over.
struct Take {
  friend bool operator==(const Take&, const Take&) = default;
};
// The predecessor will not, or the successor asked for what cannot be.
struct Refused {
  std::string why;
  friend bool operator==(const Refused&, const Refused&) = default;
};
// Names of the descriptors that come with this message, in their order; `more` follow.
struct Offered {
  std::vector<std::string> names;
  bool more = false;
  friend bool operator==(const Offered&, const Offered&) = default;
};
// The predecessor has let go of the store and everything that writes.
struct Yielded {
  friend bool operator==(const Yielded&, const Yielded&) = default;
};
// The successor is ready to accept: the point from which there is no way back.
struct Serving {
  friend bool operator==(const Serving&, const Serving&) = default;
};
// A gateway's Stranger, whose socket comes with this message.
struct Passed {
  std::string listener;
  base::SocketAddress source;
  bool proxy_header_due = false;
  std::vector<std::uint8_t> received;
  friend bool operator==(const Passed&, const Passed&) = default;
};
// The predecessor accepts no more, and all strangers were passed.
struct Released {
  friend bool operator==(const Released&, const Released&) = default;
};

// A process that serves asks one that drains for its relays …
struct AskRelays {
  friend bool operator==(const AskRelays&, const AskRelays&) = default;
};
struct Relays {
  std::vector<gateway::Relay> relays;
  bool more = false;
  friend bool operator==(const Relays&, const Relays&) = default;
};
// … tells it which to cut …
struct Cut {
  std::vector<std::uint64_t> ids;
  friend bool operator==(const Cut&, const Cut&) = default;
};
// … and is told how many were, and how many connections are left.
struct CutDone {
  std::uint64_t cut = 0;
  std::uint64_t left = 0;
  friend bool operator==(const CutDone&, const CutDone&) = default;
};
// It need not wait for its deadline: the service stops.
struct Leave {
  friend bool operator==(const Leave&, const Leave&) = default;
};

using Message =
    std::variant<Take, Refused, Offered, Yielded, Serving, Passed, Released, AskRelays, Relays, Cut, CutDone, Leave>;

// A length of what follows, the version, the kind, the rest; integers in network byte order.
std::vector<std::uint8_t> encode(const Message& message);
// One whole message. kCorrupt for anything else; kInvalidRequest for another version.
base::Result<Message> decode(std::span<const std::uint8_t> bytes);

}  // namespace sallyport::app::handover
