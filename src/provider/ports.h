#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/result.h"

namespace sallyport::provider {

// The TCP ports of one cluster.
struct Ports {
  std::uint16_t api = 0;
  std::uint16_t etcd_client = 0;
  std::uint16_t etcd_peer = 0;

  friend bool operator==(const Ports&, const Ports&) = default;
};

struct PortRange {
  std::uint16_t first = 21'000;
  std::uint16_t last = 21'999;

  // "FIRST-LAST", from 1024 to 65535, with room for one cluster at least.
  static std::optional<PortRange> parse(std::string_view text);
};

// The lowest ports of the range that no other cluster has (`taken`) and that `is_free` says nobody listens on; fails
// with kLimitExceeded when they do not suffice.
base::Result<Ports> choose_ports(const PortRange& range, const std::set<std::uint16_t>& taken,
                                 const std::function<bool(std::uint16_t)>& is_free);

}  // namespace sallyport::provider
