#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/resources.h"
#include "api/ec2/transit.h"
#include "base/limits.h"
#include "policy/connected.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::Cidr;
using model::TransitGateway;
using model::TransitGatewayAttachment;
using policy::TransitRoute;

const TransitGatewayAttachment* target_of(const Context& context, const TransitRoute& route) {
  return route.attachment ? context.world.find<TransitGatewayAttachment>(*route.attachment) : nullptr;
}

void render_route(Xml& xml, const Context& context, const TransitRoute& route, const char* state = nullptr) {
  const TransitGatewayAttachment* target = target_of(context, route);
  xml.text("destinationCidrBlock", route.destination.to_string());
  if (target != nullptr) {
    xml.set("transitGatewayAttachments", std::to_array({target}),
            [](Xml& item, const TransitGatewayAttachment* attachment) { render_resource(item, *attachment); });
  }
  xml.text("type", route.propagated ? "propagated" : "static");
  xml.text("state", state != nullptr ? state : target == nullptr ? "blackhole" : "active");
}

Outcome answer_of(const Context& context, const model::TransitGatewayRoute& route, const char* state = nullptr) {
  Outcome outcome;
  const TransitRoute shown{route.destination, route.attachment, false};
  outcome.answer.group("route", [&](Xml& xml) { render_route(xml, context, shown, state); });
  return outcome;
}

// The static route a request gives: to an attachment of the gateway, or a black hole.
Ec2Result<model::TransitGatewayRoute> route_in(const Context& context, const TransitGateway& gateway) {
  const Params& params = context.params;
  model::TransitGatewayRoute route;
  const auto destination = required_cidr_in(params, "DestinationCidrBlock");
  if (!destination) return fault(destination.error());
  route.destination = *destination;
  const auto blackhole = params.boolean("Blackhole");
  if (!blackhole) return fault(blackhole.error());
  const auto id = params.text("TransitGatewayAttachmentId");
  if (blackhole->value_or(false) == id.has_value()) {
    return fault("InvalidParameterCombination", "Give TransitGatewayAttachmentId, or Blackhole as true, and not both");
  }
  if (!id) return route;
  const auto* target = context.world.find<TransitGatewayAttachment>(model::AttachmentId(*id));
  if (target == nullptr || target->transit_gateway != gateway.id) {
    return fault(
        "InvalidTransitGatewayAttachmentID.NotFound",
        "The transitGatewayAttachment ID '" + wire::shortened(*id) + "' does not exist at " + gateway.id.str());
  }
  route.attachment = target->id;
  return route;
}

tl::unexpected<Fault> no_route(const TransitGateway& gateway, const Cidr& destination) {
  return fault("InvalidRoute.NotFound",
               "The route table '" + gateway.route_table_id + "' has no static route to " + destination.to_string());
}

auto route_to(TransitGateway& gateway, const Cidr& destination) {
  return std::ranges::find(gateway.routes, destination, &model::TransitGatewayRoute::destination);
}

Ec2Result<Outcome> create_route(const Context& context) {
  const auto gateway = gateway_of_route_table(context);
  if (!gateway) return fault(gateway.error());
  auto route = route_in(context, **gateway);
  if (!route) return fault(route.error());
  TransitGateway changed = **gateway;
  if (route_to(changed, route->destination) != changed.routes.end()) {
    return fault("RouteAlreadyExists", "The route table '" + changed.route_table_id + "' has a static route to " +
                                           route->destination.to_string() +
                                           "; change it with ReplaceTransitGatewayRoute");
  }
  if (auto room = check_room(changed.routes.size(), base::limits::kTransitGatewayRoutes, "RouteLimitExceeded",
                             "static routes in the route table");
      !room) {
    return fault(room.error());
  }
  Outcome outcome = answer_of(context, *route);
  changed.routes.push_back(*std::move(route));
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Ec2Result<Outcome> replace_route(const Context& context) {
  const auto gateway = gateway_of_route_table(context);
  if (!gateway) return fault(gateway.error());
  auto route = route_in(context, **gateway);
  if (!route) return fault(route.error());
  TransitGateway changed = **gateway;
  const auto at = route_to(changed, route->destination);
  if (at == changed.routes.end()) return no_route(changed, route->destination);
  Outcome outcome = answer_of(context, *route);
  *at = *std::move(route);
  if (changed != **gateway) outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Ec2Result<Outcome> delete_route(const Context& context) {
  const auto gateway = gateway_of_route_table(context);
  if (!gateway) return fault(gateway.error());
  const auto destination = required_cidr_in(context.params, "DestinationCidrBlock");
  if (!destination) return fault(destination.error());
  TransitGateway changed = **gateway;
  const auto at = route_to(changed, *destination);
  if (at == changed.routes.end()) return no_route(changed, *destination);
  Outcome outcome = answer_of(context, *at, "deleted");
  changed.routes.erase(at);
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

// A route-search filter's value, and the filter's full name.
struct Search {
  std::string filter;
  std::string text;
  Cidr block;
};

Ec2Result<std::vector<Search>> searches_in(const Params& params) {
  std::vector<Search> searches;
  for (const Params& filter : params.structs("Filter")) {
    const std::string name = filter.text_or("Name", "");
    if (!name.starts_with("route-search.")) continue;
    for (const std::string& text : filter.list("Value")) {
      const auto block = Cidr::parse(text);
      if (!block) return invalid_value("Filter " + name, text, block.error().message + ".");
      searches.push_back({name, text, *block});
    }
  }
  return searches;
}

// The longest of `routes` that holds `block`.
const TransitRoute* longest_match(const std::vector<TransitRoute>& routes, const Cidr& block) {
  const TransitRoute* longest = nullptr;
  for (const TransitRoute& route : routes) {
    if (!route.destination.contains(block)) continue;
    if (longest == nullptr || longest->destination.prefix() < route.destination.prefix()) longest = &route;
  }
  return longest;
}

bool satisfies(const Search& search, const TransitRoute& route, const std::vector<TransitRoute>& routes) {
  if (search.filter == "route-search.exact-match") return route.destination == search.block;
  if (search.filter == "route-search.subnet-of-match") return search.block.contains(route.destination);
  if (search.filter == "route-search.supernet-of-match") return route.destination.contains(search.block);
  return longest_match(routes, search.block) == &route;
}

Facts facts_of(const Context& context, const TransitRoute& route) {
  const TransitGatewayAttachment* target = target_of(context, route);
  Facts facts{{"type", route.propagated ? "propagated" : "static"},
              {"state", target == nullptr ? "blackhole" : "active"}};
  if (target == nullptr) return facts;
  facts.emplace("attachment.transit-gateway-attachment-id", target->id.str());
  facts.emplace("attachment.resource-id", resource_id(*target));
  facts.emplace("attachment.resource-type", resource_type(*target));
  return facts;
}

Ec2Result<Outcome> search_routes(const Context& context) {
  const auto gateway = gateway_of_route_table(context);
  if (!gateway) return fault(gateway.error());
  const auto filters = Filters::parse(
      context.params, {"attachment.resource-id", "attachment.resource-type", "attachment.transit-gateway-attachment-id",
                       "prefix-list-id", "route-search.exact-match", "route-search.longest-prefix-match",
                       "route-search.subnet-of-match", "route-search.supernet-of-match", "state", "type"});
  if (!filters) return fault(filters.error());
  if (filters->empty()) return fault("MissingParameter", "The request must contain the parameter Filter");
  const auto searches = searches_in(context.params);
  if (!searches) return fault(searches.error());
  const auto page = page_request(context, "SearchTransitGatewayRoutes");
  if (!page) return fault(page.error());
  const auto after = page->after.empty() ? std::nullopt : std::optional(Cidr::parse(page->after));
  const std::size_t most = page->limit == 0 ? base::limits::kTransitGatewayRoutes : page->limit;

  const std::vector<TransitRoute> routes = policy::transit_routes(context.world, **gateway);
  std::vector<const TransitRoute*> found;
  bool more = false;
  for (const TransitRoute& route : routes) {
    if (after && *after && route.destination <= **after) continue;
    Facts facts = facts_of(context, route);
    for (const Search& search : *searches) {
      if (satisfies(search, route, routes)) facts.emplace(search.filter, search.text);
    }
    if (!filters->match(facts)) continue;
    if (found.size() == most) {
      more = true;
      break;
    }
    found.push_back(&route);
  }
  Outcome outcome;
  outcome.answer.set("routeSet", found,
                     [&](Xml& item, const TransitRoute* route) { render_route(item, context, *route); });
  outcome.answer.flag("additionalRoutesAvailable", more);
  if (more) {
    outcome.answer.text("nextToken",
                        next_token(context, "SearchTransitGatewayRoutes", found.back()->destination.to_string()));
  }
  return outcome;
}

constexpr auto kTransitRouteOperations = std::to_array<Entry>({
    {"CreateTransitGatewayRoute", create_route, true},
    {"ReplaceTransitGatewayRoute", replace_route, true},
    {"DeleteTransitGatewayRoute", delete_route, true},
    {"SearchTransitGatewayRoutes", search_routes},
});

}  // namespace

std::span<const Entry> transit_route_operations() { return kTransitRouteOperations; }

}  // namespace sallyport::api::ec2
