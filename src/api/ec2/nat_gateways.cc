#include <array>
#include <utility>

#include "api/ec2/address_book.h"
#include "api/ec2/describe.h"
#include "api/ec2/elastic_ips.h"
#include "api/ec2/interfaces.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/tags.h"
#include "base/limits.h"
#include "base/time.h"
#include "control/network.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::NatGateway;

constexpr const char* kNotFound = "NatGatewayNotFound";
constexpr const char* kNoun = "NAT gateway";

void render_gateway(Xml& xml, const NatGateway& gateway, const Context& context) {
  xml.id("natGatewayId", gateway.id).id("subnetId", gateway.subnet).id("vpcId", gateway.vpc);
  xml.text("state", "available").text("createTime", base::format_rfc3339(gateway.created_at));
  xml.text("connectivityType", gateway.is_public ? "public" : "private").text("availabilityMode", "zonal");
  // A private gateway has one address too, without an allocation.
  std::vector<model::AllocationId> allocations = gateway.allocations;
  if (allocations.empty()) allocations.emplace_back();
  xml.set("natGatewayAddressSet", allocations, [&](Xml& item, const model::AllocationId& allocation) {
    item.text("privateIp", gateway.private_ip.to_string());
    item.flag("isPrimary", allocation == allocations.front()).text("status", "succeeded");
    const auto* elastic = context.world.find<model::ElasticIp>(allocation);
    if (elastic == nullptr) return;
    item.id("allocationId", allocation).text("publicIp", elastic->public_ip.to_string());
    item.text("associationId", association_id(gateway, allocation));
  });
  xml.tags(gateway.tags);
}

Outcome answer_of(const NatGateway& gateway, const Context& context) {
  Outcome outcome;
  if (!gateway.client_token.empty()) outcome.answer.text("clientToken", gateway.client_token);
  outcome.answer.group("natGateway", [&](Xml& xml) { render_gateway(xml, gateway, context); });
  return outcome;
}

// None for a private gateway.
Ec2Result<std::vector<model::AllocationId>> allocations_asked(const Context& context, bool is_public) {
  const auto id = context.params.text("AllocationId");
  if (!is_public) {
    if (!id) return std::vector<model::AllocationId>{};
    return fault("InvalidParameterCombination", "A private NAT gateway has no Elastic IP; leave out AllocationId");
  }
  if (!id) {
    return fault("MissingParameter",
                 "The request must contain the parameter AllocationId: a public NAT gateway goes "
                 "out by an Elastic IP");
  }
  if (context.world.find<model::ElasticIp>(model::AllocationId(*id)) == nullptr) {
    return fault("InvalidElasticIpID.NotFound",
                 "The Elastic IP address '" + wire::shortened(*id) + "' does not exist; make one with AllocateAddress");
  }
  return std::vector{model::AllocationId(*id)};
}

Ec2Status check_unused(const Context& context, const std::vector<model::AllocationId>& allocations) {
  const Associations associations(context.world);
  for (const model::AllocationId& id : allocations) {
    const auto* elastic = context.world.find<model::ElasticIp>(id);
    if (elastic == nullptr || associations.id_of(*elastic).empty()) continue;
    return fault("Resource.AlreadyAssociated", "Elastic IP address " + id.str() + " is already associated");
  }
  return {};
}

const NatGateway* find_by_token(const model::Snapshot& world, const std::string& token) {
  if (token.empty()) return nullptr;
  for (const auto& [id, gateway] : world.all<NatGateway>()) {
    if (gateway->client_token == token) return gateway.get();
  }
  return nullptr;
}

// PrivateIpAddress, else a free one of the subnet.
Ec2Result<base::IpAddress> private_address(const Context& context, const model::Subnet& subnet,
                                           const std::optional<std::string>& asked, const std::string& user) {
  AddressBook book(context.world);
  if (!asked) {
    const auto free = take_free(book, subnet, 1, user);
    if (!free) return fault(free.error());
    return free->front();
  }
  auto address = address_in(subnet, "PrivateIpAddress", *asked);
  if (!address) return address;
  if (auto taken = take_named(book, subnet.vpc, *address, user); !taken) return fault(taken.error());
  return address;
}

Ec2Result<bool> asks_public(const Params& params) {
  if (const std::string mode = params.text_or("AvailabilityMode", "zonal"); mode != "zonal") {
    return invalid_value("AvailabilityMode", wire::shortened(mode), "Only zonal is possible.");
  }
  const std::string type = params.text_or("ConnectivityType", "public");
  if (type == "public" || type == "private") return type == "public";
  return invalid_value("ConnectivityType", wire::shortened(type), "Give public or private.");
}

Ec2Result<Outcome> create_gateway(const Context& context) {
  const Params& params = context.params;
  const auto subnet = subnet_at(context, params, "SubnetId");
  if (!subnet) return fault(subnet.error());
  const auto is_public = asks_public(params);
  if (!is_public) return fault(is_public.error());
  auto allocations = allocations_asked(context, *is_public);
  if (!allocations) return fault(allocations.error());
  const auto tags = tags_at_creation(params, "natgateway");
  if (!tags) return fault(tags.error());
  const auto address = params.text("PrivateIpAddress");
  const std::string token = params.text_or("ClientToken", "");
  if (token.size() > base::limits::kClientRequestTokenBytes) {
    return invalid_value("ClientToken", token,
                         "Give at most " + std::to_string(base::limits::kClientRequestTokenBytes) + " bytes.");
  }
  if (const NatGateway* before = find_by_token(context.world, token)) {
    const bool same = before->subnet == (*subnet)->id && before->allocations == *allocations &&
                      before->is_public == *is_public &&
                      (!address || base::IpAddress::parse(*address) == before->private_ip);
    if (same) return answer_of(*before, context);
    return fault("IdempotentParameterMismatch",
                 "ClientToken was used for " + before->id.str() + " with other parameters; use a new one");
  }
  if (auto unused = check_unused(context, *allocations); !unused) return fault(unused.error());
  if (auto room = check_room(context.world.all<NatGateway>().size(), base::limits::kNetworkObjectsPerKind,
                             "NatGatewayLimitExceeded", "NAT gateways");
      !room) {
    return fault(room.error());
  }
  NatGateway gateway;
  gateway.id = model::NatGatewayId(control::new_resource_id("nat-", context.entropy));
  const auto private_ip = private_address(context, **subnet, address, gateway.id.str());
  if (!private_ip) return fault(private_ip.error());
  gateway.subnet = (*subnet)->id;
  gateway.vpc = (*subnet)->vpc;
  gateway.is_public = *is_public;
  gateway.allocations = *std::move(allocations);
  gateway.private_ip = *private_ip;
  gateway.created_at = context.now;
  gateway.client_token = token;
  gateway.tags = *tags;
  Outcome outcome = answer_of(gateway, context);
  outcome.puts.emplace_back(std::move(gateway));
  return outcome;
}

Ec2Result<Outcome> delete_gateway(const Context& context) {
  const auto gateway = object_at<NatGateway>(context, context.params, "NatGatewayId", kNotFound, kNoun);
  if (!gateway) return fault(gateway.error());
  Outcome outcome;
  outcome.answer.id("natGatewayId", (*gateway)->id);
  outcome.erases.emplace_back((*gateway)->id);
  return outcome;
}

Ec2Result<Outcome> describe_gateways(const Context& context) {
  return describe<NatGateway>(
      context, {"DescribeNatGateways", "NatGatewayId", kNotFound, kNoun, "natGatewaySet"},
      context.world.all<NatGateway>(), {"nat-gateway-id", "state", "subnet-id", "vpc-id"},
      [](const NatGateway& gateway) {
        Facts facts{{"nat-gateway-id", gateway.id.str()},
                    {"state", "available"},
                    {"subnet-id", gateway.subnet.str()},
                    {"vpc-id", gateway.vpc.str()}};
        add_tags(facts, gateway.tags);
        return facts;
      },
      [&](Xml& xml, const NatGateway& gateway) { render_gateway(xml, gateway, context); });
}

constexpr auto kNatGatewayOperations = std::to_array<Entry>({
    {"CreateNatGateway", create_gateway, true},
    {"DeleteNatGateway", delete_gateway, true},
    {"DescribeNatGateways", describe_gateways},
});

}  // namespace

std::span<const Entry> nat_gateway_operations() { return kNatGatewayOperations; }

}  // namespace sallyport::api::ec2
