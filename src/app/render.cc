#include "app/render.h"

#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "app/members.h"

namespace sallyport::app {

namespace {

namespace json = boost::json;
using Rows = std::vector<std::vector<Cell>>;
using Pairs = std::vector<std::pair<std::string, Cell>>;

Tone tone_of_status(std::string_view status) {
  if (status == "ACTIVE" || status == "Successful") return Tone::kGood;
  if (status == "FAILED" || status == "Failed") return Tone::kBad;
  return Tone::kWarn;
}

std::string change_text(const json::object& update) {
  const json::object& change = child(update, "change");
  const auto side = [&](std::string_view key) {
    const json::object& object = child(change, key);
    if (object.contains("publicAccess")) return access_text(object);
    if (object.contains("subnetIds")) {
      return "subnets " + text(object, "subnetIds") + "; groups " + text(object, "securityGroupIds");
    }
    return text(change, key);
  };
  return side("from") + "  ->  " + side("to");
}

std::string section(const Painter& paint, const std::string& title, const std::string& body) {
  return body.empty() ? std::string() : "\n" + paint(title, Tone::kBold) + "\n" + body;
}

}  // namespace

std::string access_text(const json::object& access) {
  const bool is_public = flag(access, "publicAccess");
  const bool is_private = flag(access, "privateAccess");
  std::string said = is_public ? "public" : "";
  if (is_private) said += is_public ? " and private" : "private";
  const std::string from = text(access, "publicAccessCidrs");
  return is_public ? said + ", public from " + (from.empty() ? "nowhere" : from) : said;
}

std::string render_status(const json::object& view, const Painter& paint) {
  const json::object& gateway = child(view, "gateway");
  Pairs lines{
      {"sallyport", {text(view, "version") + ", up since " + text(view, "startedAt")}},
      {"data folder", {text(view, "dataDir")}},
      {"region, zone", {text(view, "region") + ", " + text(view, "zone")}},
      {"revision", {text(view, "revision")}},
      {"clusters", {text(view, "clusters")}},
      {"updates",
       {text(view, "updatesInFlight") + " in flight; since start " + text(view, "updatesSuccessful") + " successful, " +
        text(view, "updatesFailed") + " failed, " + text(view, "connectionsCut") + " connections cut"}}};
  if (!gateway.empty()) {
    lines.push_back(
        {"gateway",
         {text(gateway, "connectionsActive") + " connections; since start " + text(gateway, "connectionsRelayed") +
          " relayed, " + text(gateway, "connectionsDenied") + " denied"}});
    if (const std::string inherited = text(gateway, "connectionsInherited"); !inherited.empty() && inherited != "0") {
      lines.push_back({"earlier processes", {inherited + " connections go on there, subject to this one"}});
    }
    lines.push_back(
        {"kernel filter",
         flag(gateway, "kernelFilter")
             ? Cell{"active; " + text(gateway, "kernelDroppedSyns") + " connection attempts dropped", Tone::kGood}
             : Cell{"not active; the gateway enforces the same by itself", Tone::kWarn}});
  }
  std::string out = pairs(paint, lines);

  Rows nodes;
  each(view, "nodes", [&](const json::object& node) {
    const std::string problem = text(node, "error");
    nodes.push_back({{text(node, "name")},
                     {text(node, "acknowledged")},
                     problem.empty() ? Cell{"ok", Tone::kGood} : Cell{problem, Tone::kBad}});
  });
  out += section(paint, "Nodes", table(paint, {"NAME", "ACKNOWLEDGED", "STATE"}, nodes));

  Rows listeners;
  each(view, "listeners", [&](const json::object& listener) {
    const bool homeless = text(listener, "side") == "private" && text(listener, "vpc").empty();
    listeners.push_back({{text(listener, "side")},
                         {text(listener, "bind")},
                         {text(listener, "advertise")},
                         homeless ? Cell{"in no known subnet: serves nobody", Tone::kBad} : Cell{text(listener, "vpc")},
                         {text(listener, "subnet")}});
  });
  out += section(paint, "Listeners", table(paint, {"SIDE", "BIND", "ADVERTISED", "VPC", "SUBNET"}, listeners));

  Rows servers;
  each(view, "pools", [&](const json::object& pool) {
    each(pool, "servers", [&](const json::object& server) {
      Cell state{"not checked yet", Tone::kDim};
      if (server.contains("healthy")) {
        state = flag(server, "healthy") ? Cell{"healthy", Tone::kGood} : Cell{text(server, "problem"), Tone::kBad};
      }
      servers.push_back({{text(pool, "name")}, {text(server, "address")}, state});
    });
  });
  out += section(paint, "Pools", table(paint, {"NAME", "SERVER", "STATE"}, servers));

  Rows vpcs;
  each(view, "vpcs", [&](const json::object& vpc) {
    const std::string obstacle = text(vpc, "dnsObstacle");
    vpcs.push_back({{text(vpc, "id")},
                    {text(vpc, "cidrBlocks")},
                    obstacle.empty() ? Cell{"fit", Tone::kGood} : Cell{obstacle, Tone::kWarn},
                    {text(vpc, "connectedBlocks")},
                    {text(vpc, "egressAddresses")}});
  });
  out += section(paint, "VPCs", table(paint, {"ID", "BLOCKS", "PRIVATE DNS", "CONNECTED", "EGRESS"}, vpcs));

  Rows subnets;
  each(view, "subnets", [&](const json::object& subnet) {
    subnets.push_back(
        {{text(subnet, "id")}, {text(subnet, "cidrBlock")}, {text(subnet, "availabilityZone")}, {text(subnet, "vpc")}});
  });
  return out + section(paint, "Subnets", table(paint, {"ID", "BLOCK", "ZONE", "VPC"}, subnets));
}

std::string render_explain(const json::object& view, const Painter& paint) {
  const json::object& decision = child(view, "decision");
  const json::object& dns = child(view, "dns");
  const json::object& arrival = child(view, "arrival");
  const std::string via = text(child(arrival, "connectedNetwork"), "via");
  const bool allow = flag(decision, "allow");
  const std::string rule = text(decision, "matchedRule");
  std::string resolved = text(dns, "addresses");
  const bool nowhere = resolved.empty();
  if (nowhere) resolved = text(dns, "status");
  std::string out = pairs(
      paint,
      {{"endpoint", {text(view, "host")}},
       {"source", {text(view, "source")}},
       {"asked from", {text(view, "vantage")}},
       {"DNS answers", {resolved + " (" + text(dns, "reason") + ")"}},
       {"arrives at", {nowhere ? "nowhere: DNS gives no address" : "a " + text(arrival, "side") + " listener"}},
       {"by way of", {text(decision, "path") + (via.empty() ? "" : " by " + via)}},
       {"decision", {allow ? "allow" : "deny", allow ? Tone::kGood : Tone::kBad}},
       {"because", {text(decision, "reason") + (rule.empty() ? "" : ": " + rule)}},
       {"reachable", {flag(view, "reachable") ? "yes" : "no", flag(view, "reachable") ? Tone::kGood : Tone::kBad}}});
  const json::value* sentences = view.if_contains("sentences");
  if (sentences == nullptr || !sentences->is_array()) return out;
  out += '\n';
  for (const json::value& sentence : sentences->get_array())
    out += paint(plain(sentence)) + "\n";
  return out;
}

std::string render_zones(const json::object& view, const Painter& paint) {
  Rows zones;
  each(view, "zones", [&](const json::object& zone) {
    std::string records;
    each(zone, "records", [&](const json::object& record) {
      records += (records.empty() ? "" : ", ") + text(record, "type") + " " + text(record, "value");
    });
    zones.push_back({{text(zone, "cluster")},
                     {text(zone, "id")},
                     {text(zone, "name")},
                     {text(zone, "vpc")},
                     {records},
                     flag(zone, "serving") ? Cell{"serving", Tone::kGood} : Cell{text(zone, "obstacle"), Tone::kWarn}});
  });
  if (zones.empty()) return "no private hosted zones: they exist while a cluster's private access is on\n";
  return table(paint, {"CLUSTER", "ZONE", "NAME", "VPC", "RECORDS", "STATE"}, zones);
}

std::string render_cluster(const json::object& view, const Painter& paint) {
  const json::object& cluster = child(view, "cluster");
  const json::object& network = child(cluster, "vpcConfig");
  const json::object& connections = child(view, "connections");
  const std::string status = text(cluster, "status");
  Pairs lines{{"cluster", {text(cluster, "name"), Tone::kBold}},
              {"status", {status, tone_of_status(status)}},
              {"endpoint", {text(cluster, "endpoint")}},
              {"access", {access_text(child(cluster, "access"))}},
              {"version", {text(cluster, "version")}},
              {"pool", {text(cluster, "pool")}},
              {"vpc", {text(network, "vpcId")}},
              {"subnets", {text(network, "subnetIds")}},
              {"cluster group", {text(network, "clusterSecurityGroupId")}},
              {"groups", {text(network, "securityGroupIds")}},
              {"created", {text(cluster, "createdAt")}}};
  if (const std::string progress = text(view, "providerProgress"); !progress.empty())
    lines.push_back({"provider", {progress, Tone::kWarn}});
  if (!connections.empty()) lines.push_back({"connections", {text(connections, "total")}});
  std::string out = pairs(paint, lines);

  Rows issues;
  each(cluster, "healthIssues", [&](const json::object& issue) {
    issues.push_back({{text(issue, "code"), Tone::kBad}, {text(issue, "message")}});
  });
  out += section(paint, "Health issues", table(paint, {"CODE", "MESSAGE"}, issues));

  Rows sources;
  each(connections, "sources", [&](const json::object& source) {
    sources.push_back({{text(source, "source")}, {text(source, "side")}, {text(source, "count")}});
  });
  out += section(paint, "Live connections", table(paint, {"SOURCE", "SIDE", "COUNT"}, sources));

  Rows updates;
  Rows warned_of;
  each(view, "updates", [&](const json::object& update) {
    const std::string state = text(update, "status");
    const json::value* warned = update.if_contains("warnings");
    const std::size_t warnings = warned != nullptr && warned->is_array() ? warned->get_array().size() : 0;
    for (std::size_t i = 0; i < warnings; ++i)
      warned_of.push_back({{text(update, "id")}, {plain(warned->get_array()[i]), Tone::kWarn}});
    updates.push_back({{text(update, "createdAt")},
                       {text(update, "id")},
                       {text(update, "type")},
                       {state, tone_of_status(state)},
                       {text(update, "connectionsCut")},
                       {std::to_string(warnings), warnings == 0 ? Tone::kPlain : Tone::kWarn}});
  });
  out += section(paint, "Updates, newest first",
                 table(paint, {"CREATED", "ID", "TYPE", "STATUS", "CUT", "WARNINGS"}, updates));
  return out + section(paint, "Warnings of updates", table(paint, {"UPDATE", "WARNING"}, warned_of));
}

std::string render_update(const json::object& view, const Painter& paint) {
  const json::object& update = child(view, "update");
  const std::string status = text(update, "status");
  Pairs lines{{"update", {text(update, "id"), Tone::kBold}},
              {"cluster", {text(view, "cluster")}},
              {"type", {text(update, "type")}},
              {"status", {status + " (" + text(update, "step") + ")", tone_of_status(status)}},
              {"change", {change_text(update)}},
              {"created", {text(update, "createdAt")}},
              {"finished", {text(update, "finishedAt")}},
              {"revision", {text(update, "revision")}},
              {"connections cut", {text(update, "connectionsCut")}}};
  const json::value* warnings = update.if_contains("warnings");
  if (warnings != nullptr && warnings->is_array()) {
    for (const json::value& warning : warnings->get_array())
      lines.push_back({"warning", {plain(warning), Tone::kWarn}});
  }
  each(update, "errors", [&](const json::object& error) {
    lines.push_back({"error", {text(error, "code") + ": " + text(error, "message"), Tone::kBad}});
  });
  return pairs(paint, lines);
}

}  // namespace sallyport::app
