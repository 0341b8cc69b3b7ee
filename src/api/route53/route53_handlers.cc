#include "api/route53/route53_handlers.h"

#include <algorithm>
#include <optional>
#include <string_view>

#include "api/errors.h"
#include "api/route53/routes.h"
#include "wire/json_value.h"
#include "wire/uri.h"

namespace sallyport::api::route53 {

namespace {

constexpr unsigned kMostItems = 100;
constexpr std::size_t kMaxItemsDigits = 9;

std::string element(std::string_view name, std::string_view text) {
  const std::string tag(name);
  return "<" + tag + ">" + escape_xml(text) + "</" + tag + ">";
}

HttpResponse answered(const std::string& operation, const std::string& inside) {
  const std::string root = operation + "Response";
  return {200,
          {{"Content-Type", "text/xml;charset=UTF-8"}},
          R"(<?xml version="1.0" encoding="UTF-8"?>)"
          "\n<" +
              root + R"( xmlns=")" + std::string(kRoute53Namespace) + R"(">)" + inside + "</" + root + ">"};
}

HttpResponse invalid(const Call& call, const std::string& why) {
  return route53_error(400, "InvalidInput", why, call.request_id);
}

// `maxitems` of a query, 100 where there is none or it is greater; nothing where it is not a number from 1.
std::optional<std::string> max_items(const wire::Pairs& query) {
  const auto given = wire::only_value(query, "maxitems");
  if (!given) return std::to_string(kMostItems);
  const bool digits = !given->empty() && given->size() <= kMaxItemsDigits &&
                      std::ranges::all_of(*given, [](char c) { return c >= '0' && c <= '9'; });
  const unsigned long value = digits ? std::stoul(std::string(*given)) : 0;
  if (value == 0) return std::nullopt;
  return std::to_string(std::min<unsigned long>(value, kMostItems));
}

// The parameter under the element's name, as Route 53 repeats it in an answer; nothing where it was not given.
std::string repeated(const wire::Pairs& query, std::string_view parameter, std::string_view name) {
  const auto given = wire::only_value(query, parameter);
  return given ? element(name, *given) : std::string();
}

HttpResponse list(const std::string& operation, const wire::Pairs& query, const Call& call) {
  const auto items = max_items(query);
  if (!items) return invalid(call, "maxitems must be a number from 1 on");
  if (operation == "ListHostedZonesByVPC") {
    for (const char* needed : {"vpcid", "vpcregion"}) {
      if (wire::only_value(query, needed).value_or("").empty()) {
        return invalid(call, std::string(needed) + " must be given once");
      }
    }
    return answered(operation, "<HostedZoneSummaries/>" + element("MaxItems", *items));
  }
  const std::string end = "<IsTruncated>false</IsTruncated>" + element("MaxItems", *items);
  if (operation == "ListHostedZonesByName") {
    return answered(operation, "<HostedZones/>" + repeated(query, "dnsname", "DNSName") +
                                   repeated(query, "hostedzoneid", "HostedZoneId") + end);
  }
  if (const auto set = wire::only_value(query, "delegationsetid")) {
    return route53_error(400, "NoSuchDelegationSet", "No delegation set found with ID: " + wire::shortened(*set),
                         call.request_id);
  }
  const auto type = wire::only_value(query, "hostedzonetype");
  if (type && *type != "PrivateHostedZone") return invalid(call, "hostedzonetype must be PrivateHostedZone");
  return answered(operation, "<HostedZones/>" + repeated(query, "marker", "Marker") + end);
}

HttpResponse respond(const Call& call) {
  const wire::Target target = wire::split_target(call.http.target);
  const Route route = find_route(call.http.method, target.path);
  const std::string operation(route.operation);
  if (operation == "GetHostedZone" || operation == "ListResourceRecordSets") {
    return route53_error(404, "NoSuchHostedZone",
                         "No hosted zone found with ID: " + wire::shortened(route.labels.front()), call.request_id);
  }
  if (operation == "GetHostedZoneCount") return answered(operation, "<HostedZoneCount>0</HostedZoneCount>");
  if (operation.starts_with("ListHostedZones")) {
    const auto query = wire::parse_pairs(target.query);
    return query ? list(operation, *query, call) : invalid(call, "The query string does not decode");
  }
  return route53_error(400, "InvalidAction",
                       "Sallyport does not serve " + (operation.empty() ? "this path" : operation) +
                           " of Route 53; it serves ListHostedZones, ListHostedZonesByName, ListHostedZonesByVPC, "
                           "GetHostedZoneCount, GetHostedZone and ListResourceRecordSets",
                       call.request_id);
}

}  // namespace

std::string Route53Handlers::operation_of(const HttpRequest& request) {
  const std::string_view operation = find_route(request.method, wire::split_target(request.target).path).operation;
  return operation.empty() ? "unknown" : std::string(operation);
}

Outcome Route53Handlers::handle(const Call& call) const { return {operation_of(call.http), respond(call)}; }

}  // namespace sallyport::api::route53
