#include <array>
#include <memory>
#include <unordered_map>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/transit.h"
#include "base/strong.h"
#include "base/time.h"

namespace sallyport::api::ec2 {

namespace {

using model::TransitGatewayAttachment;

// The one table of a gateway, under its own id.
struct RouteTable {
  base::StrongString<struct RouteTableTag> id;
  std::shared_ptr<const model::TransitGateway> gateway;
};

Ec2Result<Outcome> describe_route_tables(const Context& context) {
  std::unordered_map<decltype(RouteTable::id), std::shared_ptr<const RouteTable>> tables;
  for (const auto& [id, gateway] : context.world.all<model::TransitGateway>()) {
    const decltype(RouteTable::id) table(gateway->route_table_id);
    tables[table] = std::make_shared<const RouteTable>(RouteTable{table, gateway});
  }
  return describe<RouteTable>(
      context,
      {"DescribeTransitGatewayRouteTables", "TransitGatewayRouteTableIds", "InvalidRouteTableID.NotFound",
       "transitGatewayRouteTable ID", "transitGatewayRouteTables"},
      tables,
      {"default-association-route-table", "default-propagation-route-table", "state", "transit-gateway-id",
       "transit-gateway-route-table-id"},
      [](const RouteTable& table) {
        return Facts{{"default-association-route-table", "true"},
                     {"default-propagation-route-table", "true"},
                     {"state", "available"},
                     {"transit-gateway-id", table.gateway->id.str()},
                     {"transit-gateway-route-table-id", table.id.str()}};
      },
      [](Xml& xml, const RouteTable& table) {
        xml.id("transitGatewayRouteTableId", table.id).id("transitGatewayId", table.gateway->id);
        xml.text("state", "available").flag("defaultAssociationRouteTable", true);
        xml.flag("defaultPropagationRouteTable", true);
        xml.text("creationTime", base::format_rfc3339(table.gateway->created_at)).tags({});
      });
}

// What is attached to the table's gateway, each in `state`; nothing here is asked for by id.
Ec2Result<Outcome> list_attachments(const Context& context, std::string_view operation, std::string_view set,
                                    const char* state) {
  const auto gateway = gateway_of_route_table(context);
  if (!gateway) return fault(gateway.error());
  model::Table<TransitGatewayAttachment> attached;
  for (const auto& entry : context.world.all<TransitGatewayAttachment>()) {
    if (entry.second->transit_gateway == (*gateway)->id) attached.insert(entry);
  }
  return describe<TransitGatewayAttachment>(
      context, {operation, "", "", "", set}, attached,
      {"resource-id", "resource-type", "transit-gateway-attachment-id"},
      [](const TransitGatewayAttachment& attachment) {
        return Facts{{"resource-id", resource_id(attachment)},
                     {"resource-type", std::string(resource_type(attachment))},
                     {"transit-gateway-attachment-id", attachment.id.str()}};
      },
      [&](Xml& xml, const TransitGatewayAttachment& attachment) {
        render_resource(xml, attachment);
        xml.text("state", state);
      });
}

Ec2Result<Outcome> get_associations(const Context& context) {
  return list_attachments(context, "GetTransitGatewayRouteTableAssociations", "associations", "associated");
}

Ec2Result<Outcome> get_propagations(const Context& context) {
  return list_attachments(context, "GetTransitGatewayRouteTablePropagations", "transitGatewayRouteTablePropagations",
                          "enabled");
}

constexpr auto kTransitRouteTableOperations = std::to_array<Entry>({
    {"DescribeTransitGatewayRouteTables", describe_route_tables},
    {"GetTransitGatewayRouteTableAssociations", get_associations},
    {"GetTransitGatewayRouteTablePropagations", get_propagations},
});

}  // namespace

std::span<const Entry> transit_route_table_operations() { return kTransitRouteTableOperations; }

}  // namespace sallyport::api::ec2
