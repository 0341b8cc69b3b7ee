#include <array>
#include <initializer_list>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "wire/json_value.h"

// Kinds of EC2 resources of which a network here has none, for clients that look for them. Sallyport enforces access
// at its gateway, not by routes or network ACLs, and a cluster's endpoints belong to no account's VPC endpoints.
namespace sallyport::api::ec2 {

namespace {

// None of them, after the checks every Describe makes.
Ec2Result<Outcome> none(const Context& context, const DescribeShape& shape,
                        std::initializer_list<std::string_view> filter_names) {
  if (const auto filters = Filters::parse(context.params, filter_names); !filters) return fault(filters.error());
  if (const auto page = page_request(context, shape.operation); !page) return fault(page.error());
  for (const std::string& id : context.params.list(shape.id_list)) {
    return fault(std::string(shape.not_found),
                 "The " + std::string(shape.noun) + " '" + wire::shortened(id) + "' does not exist");
  }
  Outcome outcome;
  outcome.answer.text(shape.set, "");
  return outcome;
}

Ec2Result<Outcome> describe_vpc_endpoints(const Context& context) {
  return none(
      context,
      {"DescribeVpcEndpoints", "VpcEndpointId", "InvalidVpcEndpointId.NotFound", "Vpc Endpoint Id", "vpcEndpointSet"},
      {"ip-address-type", "service-name", "service-region", "vpc-endpoint-id", "vpc-endpoint-state",
       "vpc-endpoint-type", "vpc-id"});
}

Ec2Result<Outcome> describe_vpc_endpoint_services(const Context& context) {
  context.params.list("ServiceRegion");
  auto outcome = none(
      context,
      {"DescribeVpcEndpointServices", "ServiceName", "InvalidServiceName", "Vpc Endpoint Service", "serviceNameSet"},
      {"owner", "service-name", "service-region", "service-type", "supported-ip-address-types"});
  if (outcome) outcome->answer.text("serviceDetailSet", "");
  return outcome;
}

Ec2Result<Outcome> describe_internet_gateways(const Context& context) {
  return none(context,
              {"DescribeInternetGateways", "InternetGatewayId", "InvalidInternetGatewayID.NotFound",
               "internetGateway ID", "internetGatewaySet"},
              {"attachment.state", "attachment.vpc-id", "internet-gateway-id", "owner-id"});
}

Ec2Result<Outcome> describe_route_tables(const Context& context) {
  return none(context,
              {"DescribeRouteTables", "RouteTableId", "InvalidRouteTableID.NotFound", "routeTable ID", "routeTableSet"},
              {"association.gateway-id", "association.main", "association.route-table-association-id",
               "association.route-table-id", "association.subnet-id", "owner-id", "route-table-id",
               "route.destination-cidr-block", "route.destination-ipv6-cidr-block", "route.destination-prefix-list-id",
               "route.egress-only-internet-gateway-id", "route.gateway-id", "route.instance-id", "route.nat-gateway-id",
               "route.origin", "route.state", "route.transit-gateway-id", "route.vpc-peering-connection-id", "vpc-id"});
}

Ec2Result<Outcome> describe_network_acls(const Context& context) {
  return none(context,
              {"DescribeNetworkAcls", "NetworkAclId", "InvalidNetworkAclID.NotFound", "networkAcl ID", "networkAclSet"},
              {"association.association-id", "association.network-acl-id", "association.subnet-id", "default",
               "entry.cidr", "entry.egress", "entry.icmp.code", "entry.icmp.type", "entry.ipv6-cidr",
               "entry.port-range.from", "entry.port-range.to", "entry.protocol", "entry.rule-action",
               "entry.rule-number", "network-acl-id", "owner-id", "vpc-id"});
}

// VPCs enabled for ClassicLink, which ended in 2022: none of those named is.
Ec2Result<Outcome> describe_classic_link(const Context& context) {
  if (const auto filters = Filters::parse(context.params, {"is-classic-link-enabled", "vpc-id"}); !filters) {
    return fault(filters.error());
  }
  context.params.list("VpcId");
  Outcome outcome;
  outcome.answer.text("vpcSet", "");
  return outcome;
}

Ec2Result<Outcome> describe_classic_link_dns(const Context& context) {
  if (const auto page = page_request(context, "DescribeVpcClassicLinkDnsSupport"); !page) return fault(page.error());
  context.params.list("VpcIds");
  Outcome outcome;
  outcome.answer.text("vpcs", "");
  return outcome;
}

constexpr auto kEmptySetOperations = std::to_array<Entry>({
    {"DescribeVpcEndpoints", describe_vpc_endpoints},
    {"DescribeVpcEndpointServices", describe_vpc_endpoint_services},
    {"DescribeInternetGateways", describe_internet_gateways},
    {"DescribeRouteTables", describe_route_tables},
    {"DescribeNetworkAcls", describe_network_acls},
    {"DescribeVpcClassicLink", describe_classic_link},
    {"DescribeVpcClassicLinkDnsSupport", describe_classic_link_dns},
});

}  // namespace

std::span<const Entry> empty_set_operations() { return kEmptySetOperations; }

}  // namespace sallyport::api::ec2
