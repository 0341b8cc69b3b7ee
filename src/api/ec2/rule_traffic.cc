#include "api/ec2/rule_traffic.h"

#include <charconv>
#include <optional>

#include "base/bytes.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

constexpr std::int64_t kLastPort = 65'535;
constexpr std::int64_t kLastIcmp = 255;
constexpr int kLastProtocol = 255;

// IANA's numbers of the protocols that EC2 knows by name.
std::string name_of(int number) {
  switch (number) {
    case 1: return "icmp";
    case 6: return "tcp";
    case 17: return "udp";
    case 58: return "icmpv6";
    default: return std::to_string(number);
  }
}

Ec2Result<std::string> read_protocol(const Params& params) {
  const auto given = params.required("IpProtocol");
  if (!given) return fault(given.error());
  const std::string text = base::ascii_lower(*given);
  if (text == "-1" || text == "all") return "-1";
  if (text == "tcp" || text == "udp" || text == "icmp" || text == "icmpv6") return text;
  int number = -1;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code == std::errc{} && end == text.data() + text.size() && number >= 0 && number <= kLastProtocol) {
    return name_of(number);
  }
  return invalid_value(params.full_name("IpProtocol"), wire::shortened(*given),
                       "Give tcp, udp, icmp, icmpv6, a protocol number from 0 to 255, or -1 for all.");
}

Ec2Result<Traffic> check_port_range(const Params& params, Traffic traffic) {
  if (traffic.from_port < 0 || traffic.to_port < 0) {
    return invalid_value(params.full_name("FromPort"), std::to_string(traffic.from_port),
                         "TCP and UDP ports are 0 to 65535.");
  }
  if (traffic.from_port > traffic.to_port) {
    return fault("InvalidParameterValue", "Invalid TCP/UDP port range (" + std::to_string(traffic.from_port) + ":" +
                                              std::to_string(traffic.to_port) + "): " + params.full_name("FromPort") +
                                              " must not be more than " + params.full_name("ToPort"));
  }
  return traffic;
}

Ec2Result<Traffic> check_icmp(const Params& params, Traffic traffic) {
  if (traffic.from_port > kLastIcmp || traffic.to_port > kLastIcmp) {
    return fault("InvalidParameterValue", "ICMP type and code, in " + params.full_name("FromPort") + " and " +
                                              params.full_name("ToPort") + ", are 0 to 255, or -1 for all");
  }
  if (traffic.from_port == -1 && traffic.to_port != -1) {
    return invalid_value(params.full_name("ToPort"), std::to_string(traffic.to_port),
                         "With all ICMP types (-1) the code must be -1, too.");
  }
  return traffic;
}

}  // namespace

Ec2Result<Traffic> read_traffic(const Params& params) {
  auto protocol = read_protocol(params);
  if (!protocol) return fault(protocol.error());
  const auto from = params.number("FromPort", -1, kLastPort);
  if (!from) return fault(from.error());
  const auto to = params.number("ToPort", -1, kLastPort);
  if (!to) return fault(to.error());
  Traffic traffic{.protocol = *std::move(protocol)};
  if (!has_ports(traffic.protocol)) return traffic;

  const bool icmpv6 = traffic.protocol == "icmpv6";
  if ((!*from || !*to) && !(icmpv6 && !*from && !*to)) {
    const bool icmp = icmpv6 || traffic.protocol == "icmp";
    return fault("MissingParameter",
                 "The request must contain the parameter " + params.full_name(*from ? "ToPort" : "FromPort") +
                     (icmp ? ": ICMP needs type and code, -1 for all" : ": TCP and UDP need both ports"));
  }
  traffic.from_port = static_cast<std::int32_t>(from->value_or(-1));
  traffic.to_port = static_cast<std::int32_t>(to->value_or(-1));
  return traffic.protocol == "tcp" || traffic.protocol == "udp" ? check_port_range(params, std::move(traffic))
                                                                : check_icmp(params, std::move(traffic));
}

bool has_ports(const std::string& protocol) {
  return protocol == "tcp" || protocol == "udp" || protocol == "icmp" || protocol == "icmpv6";
}

}  // namespace sallyport::api::ec2
