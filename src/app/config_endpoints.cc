#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "app/config_sections.h"
#include "app/shapes.h"

namespace sallyport::app {

namespace {

using model::Listener;

bool is_wildcard(const base::IpAddress& address) {
  return address == base::IpAddress::v4(0) || address == base::IpAddress{};
}

// Reads "address:port" or { bind, advertise, device[, subnet] }.
void read_listener(TableReader& section, std::string_view key, const Entry& entry, Listener::Side side,
                   Reading& reading) {
  Listener listener;
  listener.side = side;
  bool advertised = false;
  if (entry.text) {
    const auto address = section.parse_address(key, {*entry.text, entry.line});
    if (!address) return;
    listener.bind = *address;
  } else {
    TableReader table(*entry.table, "[gateway] " + std::string(key), reading.errors);
    const auto bind = table.address("bind");
    const auto advertise = table.address("advertise");
    if (const auto device = table.text("device")) {
      if (device->value.empty() || device->value.size() > 15) {
        table.error(device->line, "device", quoted(device->value), "must be a network device of 1 to 15 characters");
      }
      listener.device = device->value;
    }
    if (side == Listener::Side::kPrivate) {
      if (const auto subnet = table.text("subnet")) {
        if (!is_resource_id(subnet->value, "subnet-")) {
          table.error(subnet->line, "subnet", quoted(subnet->value),
                      "is not a subnet id: \"subnet-\" and 17 hexadecimal digits; `sallyport status` lists them");
        }
        listener.subnet = model::SubnetId(subnet->value);
      }
    }
    table.finish();
    if (!bind) {
      if (!table.has("bind")) {
        table.error(entry.line, "bind", {}, "is missing; name the address to listen on");
      }
      return;
    }
    listener.bind = bind->value;
    advertised = advertise.has_value();
    if (advertised) listener.advertise = advertise->value;
  }
  if (!advertised) listener.advertise = listener.bind;
  if (is_wildcard(listener.advertise.address)) {
    section.error(entry.line, key, quoted(listener.advertise.to_string()),
                  "stands for every address, and DNS must answer with one; write { bind = \"" +
                      listener.bind.to_string() +
                      "\", advertise = \"<the address clients reach>:" + std::to_string(listener.bind.port) + "\" }");
  }
  reading.binds.push_back({"[gateway] " + std::string(key), listener.bind, listener.device, entry.line});
  reading.config.gateway.listeners.push_back(std::move(listener));
}

void read_resolver(TableReader& section, const Entry& entry, Reading& reading) {
  dns::ResolverConfig resolver;
  if (entry.text) {
    const auto address = section.parse_address("resolvers", {*entry.text, entry.line});
    if (!address) return;
    resolver.bind = *address;
  } else {
    TableReader table(*entry.table, "[dns] resolvers", reading.errors);
    const auto bind = table.address("bind");
    if (const auto vpc = table.text("vpc")) {
      if (!is_resource_id(vpc->value, "vpc-")) {
        table.error(vpc->line, "vpc", quoted(vpc->value),
                    "is not a VPC id: \"vpc-\" and 17 hexadecimal digits; `sallyport status` lists them");
      }
      resolver.vpc = model::VpcId(vpc->value);
    }
    table.finish();
    if (!bind) {
      if (!table.has("bind")) {
        table.error(entry.line, "bind", {}, "is missing; name the address to listen on");
      }
      return;
    }
    resolver.bind = bind->value;
  }
  if (is_wildcard(resolver.bind.address) && !resolver.vpc) {
    section.error(entry.line, "resolvers", quoted(resolver.bind.to_string()),
                  "lies in no VPC; write { bind = \"" + resolver.bind.to_string() + "\", vpc = \"vpc-…\" }");
  }
  reading.binds.push_back({"[dns] resolvers", resolver.bind, {}, entry.line});
  reading.config.dns.resolvers.push_back(std::move(resolver));
}

// An endpoint has one URL, so one port: a listener that clients reach at another is never found by them. `binds` are
// those of the listeners, in their order.
void check_one_port(const std::vector<Listener>& listeners, std::span<const Bind> binds,
                    std::vector<ConfigError>& errors) {
  for (std::size_t i = 1; i < listeners.size(); ++i) {
    const std::uint16_t port = listeners.front().advertise.port;
    if (listeners[i].advertise.port == port) continue;
    errors.push_back({binds[i].line, binds[i].where, quoted(listeners[i].advertise.to_string()),
                      "has another port than " + binds.front().where + " on line " +
                          std::to_string(binds.front().line) +
                          ", and an endpoint's URL carries one for every address; use port " + std::to_string(port) +
                          ", or write { bind = \"" + listeners[i].bind.to_string() +
                          "\", advertise = \"<the address clients reach>:" + std::to_string(port) +
                          "\" } where something forwards that port here"});
  }
}

bool same_socket(const Bind& a, const Bind& b) {
  if (a.address.port != b.address.port || a.device != b.device) return false;
  if (a.address.address == b.address.address) return true;
  const auto covers = [](const base::IpAddress& all, const base::IpAddress& one) {
    return is_wildcard(all) && all.family() == one.family();
  };
  return covers(a.address.address, b.address.address) || covers(b.address.address, a.address.address);
}

}  // namespace

void read_gateway(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  gateway::GatewayConfig& config = reading.config.gateway;
  TableReader reader(*table, "[gateway]", reading.errors);
  const std::size_t first_bind = reading.binds.size();
  for (const Entry& entry : reader.entries("public")) {
    read_listener(reader, "public", entry, Listener::Side::kPublic, reading);
  }
  for (const Entry& entry : reader.entries("private")) {
    read_listener(reader, "private", entry, Listener::Side::kPrivate, reading);
  }
  check_one_port(config.listeners, std::span(reading.binds).subspan(first_bind), reading.errors);
  if (const auto blocks = reader.texts("proxy_protocol_from")) {
    for (const auto& [text, line] : *blocks) {
      if (const auto block = model::Cidr::parse(text)) {
        config.proxy_protocol_from.push_back(*block);
      } else {
        reader.error(line, "proxy_protocol_from", quoted(text), block.error().message);
      }
    }
  }
  if (const auto flag = reader.flag("refuse_reserved_cidrs")) reading.config.refuse_reserved_cidrs = flag->value;
  if (const auto count = reader.number("workers", 1, 256)) config.workers = static_cast<unsigned>(count->value);
  if (const auto most = reader.number("max_connections", 1, 10'000'000)) {
    config.max_connections = static_cast<std::size_t>(most->value);
  }
  if (const auto flag = reader.flag("kernel_filter")) config.kernel_filter = flag->value;
  reader.finish();
}

void read_dns(const toml::table* table, Reading& reading) {
  if (table == nullptr) return;
  TableReader reader(*table, "[dns]", reading.errors);
  if (const auto listen = reader.addresses("public")) {
    for (const auto& [address, line] : *listen) {
      reading.config.dns.public_listeners.push_back(address);
      reading.binds.push_back({"[dns] public", address, {}, line});
    }
  }
  for (const Entry& entry : reader.entries("resolvers"))
    read_resolver(reader, entry, reading);
  if (const auto forward = reader.addresses("forward")) {
    for (const auto& [address, line] : *forward) {
      const auto ours = [&](const Bind& bind) { return bind.where.starts_with("[dns]") && bind.address == address; };
      if (std::ranges::any_of(reading.binds, ours)) {
        reader.error(line, "forward", quoted(address.to_string()),
                     "is an address of this server: a query would be forwarded for ever; name another resolver");
      }
      reading.config.dns.forward.push_back(address);
    }
  }
  reader.finish();
}

void check_binds(Reading& reading) {
  // Quadratic, so bounded: past this many sockets the descriptor limit is the nearer trouble.
  constexpr std::size_t kMostSockets = 4'096;
  if (reading.binds.size() > kMostSockets) {
    reading.errors.push_back({0, {}, {}, "asks for more than 4096 listening sockets"});
    return;
  }
  for (std::size_t later = 1; later < reading.binds.size(); ++later) {
    const Bind& bind = reading.binds[later];
    const auto end = reading.binds.begin() + static_cast<std::ptrdiff_t>(later);
    const auto earlier = std::find_if(reading.binds.begin(), end, [&](const Bind& b) { return same_socket(b, bind); });
    if (earlier == end) continue;
    const std::string at = earlier->line == 0 ? std::string() : " on line " + std::to_string(earlier->line);
    reading.errors.push_back({bind.line, bind.where, quoted(bind.address.to_string()),
                              "is taken by " + earlier->where + at + "; give each its own address or port"});
  }
}

void check_loops(Reading& reading) {
  for (const model::Pool& pool : reading.config.pools) {
    for (const base::SocketAddress& server : pool.servers) {
      const auto& listeners = reading.config.gateway.listeners;
      const auto ours = [&](const Listener& l) { return l.bind == server || l.advertise == server; };
      if (std::ranges::none_of(listeners, ours)) continue;
      reading.errors.push_back({0, "[[pool]] servers", quoted(server.to_string()),
                                "is a [gateway] address: connections of pool \"" + pool.name.str() +
                                    "\" would go round for ever; name the API server itself"});
    }
  }
}

}  // namespace sallyport::app
