#pragma once

#include <string>
#include <vector>

#include "api/ec2/address_book.h"
#include "api/ec2/elastic_ips.h"
#include "api/ec2/operation.h"
#include "model/network_objects.h"

// Network interfaces. One registers a machine of a VPC: its addresses become members of its groups.
namespace sallyport::api::ec2 {

Ec2Result<const model::NetworkInterface*> interface_at(const Context& context, const Params& params);

// The inside of an item of networkInterfaceSet.
void render_interface(Xml& xml, const model::NetworkInterface& interface, const Context& context,
                      const Associations& associations);

// An IPv4 address that an interface in the subnet may take: InvalidParameterValue naming `parameter` for one outside
// the subnet or reserved. Whether somebody has it is not asked.
Ec2Result<base::IpAddress> address_in(const model::Subnet& subnet, const std::string& parameter,
                                      const std::string& text);
// Takes the address for `user`; InvalidIPAddress.InUse where somebody has it.
Ec2Status take_named(AddressBook& book, const model::VpcId& vpc, const base::IpAddress& address,
                     const std::string& user);
// `count` free ones, taken for `user`; InsufficientFreeAddressesInSubnet where there are fewer.
Ec2Result<std::vector<base::IpAddress>> take_free(AddressBook& book, const model::Subnet& subnet, std::size_t count,
                                                  const std::string& user);
// PrivateIpAddressLimitExceeded for more than an interface may have.
Ec2Status check_address_count(std::size_t count);

}  // namespace sallyport::api::ec2
