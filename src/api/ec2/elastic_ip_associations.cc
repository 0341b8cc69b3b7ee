#include <algorithm>
#include <array>
#include <utility>

#include "api/ec2/elastic_ips.h"
#include "api/ec2/interfaces.h"
#include "api/ec2/operation.h"
#include "control/network.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using base::IpAddress;
using model::ElasticIp;
using model::NetworkInterface;

// PrivateIpAddress, or the interface's primary address.
Ec2Result<IpAddress> private_address(const Params& params, const NetworkInterface& interface) {
  const auto text = params.text("PrivateIpAddress");
  if (!text) return interface.addresses.front();
  const auto address = IpAddress::parse(*text);
  if (!address || !address->is_v4() || std::ranges::find(interface.addresses, *address) == interface.addresses.end()) {
    return invalid_value("PrivateIpAddress", wire::shortened(*text),
                         "It is not a private IPv4 address of " + interface.id.str() + ".");
  }
  return *address;
}

tl::unexpected<Fault> already_associated(const std::string& what, const std::string& user) {
  return fault("Resource.AlreadyAssociated",
               "resource " + what + " is already associated with " + user + "; AllowReassociation moves it");
}

Ec2Result<Outcome> associate_address(const Context& context) {
  const Params& params = context.params;
  const auto elastic = elastic_ip_at(context);
  if (!elastic) return fault(elastic.error());
  if (const auto instance = params.text("InstanceId")) {
    return fault("InvalidInstanceID.NotFound",
                 "The instance ID '" + wire::shortened(*instance) + "' does not exist; give a NetworkInterfaceId");
  }
  const auto interface = interface_at(context, params);
  if (!interface) return fault(interface.error());
  const auto address = private_address(params, **interface);
  if (!address) return fault(address.error());
  const auto allowed = params.boolean("AllowReassociation");
  if (!allowed) return fault(allowed.error());
  const bool may_move = allowed->value_or(false);

  const Associations associations(context.world);
  if (const auto* gateway = associations.gateway_of(**elastic)) {
    return fault("Resource.AlreadyAssociated", "resource " + (*elastic)->id.str() + " is already associated with " +
                                                   gateway->id.str() + ", which keeps it until it is deleted");
  }
  Outcome outcome;
  const ElasticIp* there = associations.on(**interface, *address);
  if (there == *elastic) {
    outcome.answer.flag("return", true).text("associationId", there->association_id);
    return outcome;
  }
  if ((*elastic)->network_interface && !may_move) {
    return already_associated((*elastic)->id.str(), (*elastic)->network_interface->str());
  }
  if (there != nullptr) {
    if (!may_move) return already_associated((*interface)->id.str(), there->id.str());
    outcome.puts.emplace_back(disassociated(*there));
  }
  ElasticIp changed = **elastic;
  changed.network_interface = (*interface)->id;
  changed.private_ip = *address;
  changed.association_id = control::new_resource_id("eipassoc-", context.entropy);
  outcome.answer.flag("return", true).text("associationId", changed.association_id);
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

// What AssociationId names; InvalidAssociationID.NotFound where nothing has it.
Ec2Result<const ElasticIp*> associated_at(const Context& context, const Associations& associations) {
  const auto id = context.params.required("AssociationId");
  if (!id) return fault(id.error());
  for (const auto& [allocation, elastic] : context.world.all<ElasticIp>()) {
    if (associations.id_of(*elastic) == *id) return elastic.get();
  }
  return fault("InvalidAssociationID.NotFound", "The association ID '" + wire::shortened(*id) + "' does not exist");
}

Ec2Result<Outcome> disassociate_address(const Context& context) {
  const Associations associations(context.world);
  const auto elastic = context.params.has("PublicIp") ? elastic_ip_at(context) : associated_at(context, associations);
  if (!elastic) return fault(elastic.error());
  if (const auto* gateway = associations.gateway_of(**elastic)) {
    return fault("OperationNotPermitted",
                 (*elastic)->id.str() + " belongs to " + gateway->id.str() + ", which keeps it until it is deleted");
  }
  if (!(*elastic)->network_interface) {
    return fault("InvalidAssociationID.NotFound", (*elastic)->id.str() + " is not associated with anything");
  }
  Outcome outcome = done();
  outcome.puts.emplace_back(disassociated(**elastic));
  return outcome;
}

constexpr auto kElasticIpAssociationOperations = std::to_array<Entry>({
    {"AssociateAddress", associate_address, true},
    {"DisassociateAddress", disassociate_address, true},
});

}  // namespace

std::span<const Entry> elastic_ip_association_operations() { return kElasticIpAssociationOperations; }

}  // namespace sallyport::api::ec2
