#pragma once

#include <cstdint>
#include <string>

#include "api/ec2/params.h"
#include "model/network.h"

namespace sallyport::api::ec2 {

// What a rule admits, in the form the model keeps: "tcp", "udp", "icmp" and "icmpv6" by name however the client
// wrote them, other protocols by number, "-1" for all; ports -1 where the protocol has none.
struct Traffic {
  std::string protocol;
  std::int32_t from_port = -1;
  std::int32_t to_port = -1;
};

// IpProtocol, FromPort and ToPort of a permission or a rule. EC2's own meaning: TCP and UDP need both ports, ICMP
// its type and code, ICMPv6 takes all types when they are left out, and other protocols take no ports whatever is
// given.
Ec2Result<Traffic> read_traffic(const Params& params);

// Whether EC2 tells the ports of a rule of that protocol.
bool has_ports(const std::string& protocol);

}  // namespace sallyport::api::ec2
