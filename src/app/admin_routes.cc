#include "app/admin_routes.h"

#include <optional>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <boost/url.hpp>

#include "api/insight/preview.h"
#include "api/insight/traffic_view.h"
#include "base/ip_address.h"
#include "policy/explain.h"
#include "policy/hosted_zones.h"

namespace sallyport::app {

namespace {

namespace json = boost::json;
using api::insight::traffic_view;
using base::ErrorKind;
using base::fail;
using Answer = base::Result<json::object>;

constexpr std::size_t kUpdatesShown = 20;
constexpr std::size_t kSourcesShown = 20;

int status_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidParameter:
    case ErrorKind::kInvalidRequest: return 400;
    case ErrorKind::kNotFound: return 404;
    case ErrorKind::kUnavailable: return 503;
    default: return 500;
  }
}

api::HttpResponse respond(int status, const json::object& body) {
  return {status, {{"Content-Type", "application/json"}}, json::serialize(body) + "\n"};
}

std::optional<std::string> parameter(const boost::urls::url_view& target, std::string_view name) {
  const auto params = target.params();
  const auto found = params.find(name);
  if (found == params.end()) return std::nullopt;
  return std::string((*found).value);
}

Answer explain(const AdminSources& sources, const boost::urls::url_view& target) {
  const auto cluster = parameter(target, "cluster");
  const auto source = parameter(target, "source");
  if (!cluster || !source) return fail(ErrorKind::kInvalidParameter, "both a cluster and a source address are needed");
  const auto address = base::IpAddress::parse(*source);
  if (!address) {
    return fail(ErrorKind::kInvalidParameter,
                "source \"" + *source + "\" is not an IPv4 or IPv6 address; names are not looked up");
  }
  std::optional<model::VpcId> vpc;
  if (const auto id = parameter(target, "vpc")) vpc = model::VpcId(*id);
  const model::ClusterName name(*cluster);
  const auto told = policy::explain(*sources.control.snapshot(), name, *address, vpc);
  if (!told) return fail(told.error());
  return explain_view(name, *told);
}

Answer zones(const AdminSources& sources, const boost::urls::url_view& target) {
  const model::SnapshotPtr snapshot = sources.control.snapshot();
  const auto name = parameter(target, "cluster");
  if (!name) return zones_view(policy::zone_states(*snapshot));
  const model::Cluster* cluster = snapshot->find_cluster(model::ClusterName(*name));
  if (cluster == nullptr) {
    return fail(ErrorKind::kNotFound, "no cluster is named '" + *name + "'; `aws eks list-clusters` shows their names");
  }
  std::vector<policy::ZoneState> states;
  if (auto state = policy::zone_state(*snapshot, *cluster)) states.push_back(*std::move(state));
  return zones_view(states);
}

Answer describe_cluster(const AdminSources& sources, const model::ClusterName& name) {
  const auto cluster = sources.control.describe_cluster(name);
  if (!cluster) return fail(cluster.error());
  const auto page = sources.control.list_updates(name, std::nullopt, kUpdatesShown);
  if (!page) return fail(page.error());
  json::array updates;
  for (const model::Update& update : page->updates)
    updates.push_back(update_view(update));
  json::object view{{"cluster", cluster_view(*cluster, sources.control.endpoint_url(*cluster))},
                    {"updates", std::move(updates)}};
  if (const auto progress = sources.control.provider_progress(name)) view["providerProgress"] = *progress;
  if (sources.gateway != nullptr) {
    view["connections"] = connections_view(sources.gateway->connections_of(name), kSourcesShown);
  }
  return view;
}

Answer describe_update(const AdminSources& sources, const model::ClusterName& name, const model::UpdateId& id) {
  const auto update = sources.control.describe_update(name, id);
  if (!update) return fail(update.error());
  return json::object{{"cluster", name.str()}, {"update", update_view(*update)}};
}

Answer preview_update(const AdminSources& sources, const model::ClusterName& name, const std::string& body) {
  const auto change = api::insight::parse_preview(name, body);
  if (!change) return fail(change.error());
  const auto preview = api::insight::foretell(sources.control, sources.sight, name, *change);
  if (!preview) return fail(preview.error());
  return foretold_view(name, *preview);
}

Answer describe_webhooks(const AdminSources& sources, const model::ClusterName& name) {
  if (sources.webhooks == nullptr) {
    return fail(ErrorKind::kNotFound,
                "no webhooks are served; add a section [webhooks] with listen = [\"127.0.0.1:8790\"], and restart");
  }
  const auto cluster = sources.control.describe_cluster(name);
  if (!cluster) return fail(cluster.error());
  const control::WebhookEndpoints endpoints = sources.webhooks->endpoints_of(*cluster);
  return json::object{{"cluster", name.str()},
                      {"authenticationUrl", endpoints.authentication_url},
                      {"authorizationUrl", endpoints.authorization_url},
                      {"caPem", endpoints.ca_pem},
                      {"bearerToken", endpoints.bearer_token}};
}

Answer traffic(const AdminSources& sources, const boost::urls::url_view& target) {
  const auto cluster = parameter(target, "cluster");
  if (!cluster) return fail(ErrorKind::kInvalidParameter, "a cluster is needed");
  const model::ClusterName name(*cluster);
  if (const auto present = sources.control.describe_cluster(name); !present) return fail(present.error());
  if (sources.gateway == nullptr) {
    return fail(ErrorKind::kNotFound, "this process has no gateway; ask on a machine that runs one");
  }
  return json::object{{"cluster", name.str()}, {"traffic", traffic_view(sources.gateway->traffic(name))}};
}

using Path = std::vector<std::string>;

bool is_preview(const Path& path) {
  return path.size() == 4 && path[0] == "v1" && path[1] == "clusters" && path[3] == "preview-update";
}

Answer route(const AdminSources& sources, const boost::urls::url_view& target, const Path& path) {
  if (path.size() == 2 && path[0] == "v1") {
    if (path[1] == "status") return status_view(sources.status());
    if (path[1] == "explain") return explain(sources, target);
    if (path[1] == "traffic") return traffic(sources, target);
    if (path[1] == "zones") return zones(sources, target);
  }
  if (path.size() >= 3 && path[0] == "v1" && path[1] == "clusters") {
    const model::ClusterName name(path[2]);
    if (path.size() == 3) return describe_cluster(sources, name);
    if (path.size() == 4 && path[3] == "webhooks") return describe_webhooks(sources, name);
    if (path.size() == 5 && path[3] == "updates") return describe_update(sources, name, model::UpdateId(path[4]));
  }
  return fail(ErrorKind::kNotFound, "there is nothing at " + std::string(target.encoded_path()));
}

}  // namespace

api::HttpResponse answer_admin(const AdminSources& sources, const api::HttpRequest& request) {
  const auto error = [](int status, const std::string& message) {
    return respond(status, json::object{{"error", message}});
  };
  const auto target = boost::urls::parse_origin_form(request.target);
  if (!target) return error(400, "the request target is not a path");
  Path path;
  for (const auto& segment : target->segments())
    path.emplace_back(segment);
  const bool preview = is_preview(path);
  const std::string_view method = preview ? "POST" : "GET";
  if (request.method != method) return error(405, "only " + std::string(method) + " is served here");
  const Answer answer =
      preview ? preview_update(sources, model::ClusterName(path[2]), request.body) : route(sources, *target, path);
  if (!answer) return error(status_of(answer.error().kind), answer.error().message);
  return respond(200, *answer);
}

}  // namespace sallyport::app
