#pragma once

#include <map>
#include <string>
#include <unordered_map>
#include <utility>

#include "api/ec2/operation.h"
#include "model/network_objects.h"

namespace sallyport::api::ec2 {

// Which Elastic IP is used by what: an index of the state it is made from, which must outlive it.
class Associations {
 public:
  explicit Associations(const model::Snapshot& world);

  // The Elastic IP of one of an interface's addresses, or null.
  const model::ElasticIp* on(const model::NetworkInterface& interface, const base::IpAddress& address) const;
  // The NAT gateway that has it, or null.
  const model::NatGateway* gateway_of(const model::ElasticIp& address) const;
  // "eipassoc-…", of an interface or of a NAT gateway; empty when nothing uses it.
  std::string id_of(const model::ElasticIp& address) const;

 private:
  std::map<std::pair<model::NetworkInterfaceId, base::IpAddress>, const model::ElasticIp*> by_place_;
  std::unordered_map<model::AllocationId, const model::NatGateway*> gateways_;
};

// "eipassoc-…" of an Elastic IP that a NAT gateway has, the same for good.
std::string association_id(const model::NatGateway& gateway, const model::AllocationId& allocation);

// The same address, associated with no interface any more.
model::ElasticIp disassociated(model::ElasticIp address);

// What AllocationId names, or PublicIp: MissingParameter for neither, InvalidAllocationID.NotFound or
// InvalidAddress.NotFound for none such.
Ec2Result<const model::ElasticIp*> elastic_ip_at(const Context& context);

}  // namespace sallyport::api::ec2
