#include "provider/ports.h"

#include <array>
#include <charconv>
#include <system_error>

namespace sallyport::provider {

namespace {

constexpr unsigned kPortsPerCluster = 3;

std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc() || end != text.data() + text.size() || port < 1'024) return std::nullopt;
  return port;
}

}  // namespace

std::optional<PortRange> PortRange::parse(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const auto first = port_of(text.substr(0, dash));
  const auto last = port_of(text.substr(dash + 1));
  if (!first || !last || *first + kPortsPerCluster > *last + 1U) return std::nullopt;
  return PortRange{*first, *last};
}

base::Result<Ports> choose_ports(const PortRange& range, const std::set<std::uint16_t>& taken,
                                 const std::function<bool(std::uint16_t)>& is_free) {
  std::array<std::uint16_t, kPortsPerCluster> found{};
  std::size_t count = 0;
  for (unsigned candidate = range.first; candidate <= range.last; ++candidate) {
    const auto port = static_cast<std::uint16_t>(candidate);
    if (taken.contains(port) || !is_free(port)) continue;
    found.at(count++) = port;
    if (count == found.size()) return Ports{found[0], found[1], found[2]};
  }
  return base::fail(base::ErrorKind::kLimitExceeded, "no three free ports are left in " + std::to_string(range.first) +
                                                         "-" + std::to_string(range.last) +
                                                         "; give a wider range with --ports");
}

}  // namespace sallyport::provider
