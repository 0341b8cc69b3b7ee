#include "app/provider_protocol.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "app/pem.h"
#include "base/limits.h"
#include "wire/json_parse.h"
#include "wire/json_reader.h"

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;
using wire::Json;
using wire::JsonArray;
using wire::JsonObject;

constexpr const char* kVersion = "sallyport.dev/provider/v1";

JsonObject request_for(const char* action, const model::Cluster& cluster) {
  return {{"apiVersion", kVersion},
          {"action", action},
          {"cluster", cluster.name.str()},
          {"clusterId", cluster.endpoint_id.str()}};
}

base::Result<JsonObject> object_of(std::string_view reply) {
  const auto parsed = wire::parse_json(reply);
  if (!parsed) return fail(ErrorKind::kInvalidParameter, "is no JSON: " + parsed.error().message);
  const JsonObject* object = parsed->as_object();
  if (object == nullptr) return fail(ErrorKind::kInvalidParameter, "is " + wire::describe(*parsed) + ", not an object");
  return *object;
}

}  // namespace

std::string create_request(const model::Cluster& cluster, const std::string& endpoint_host,
                           const std::optional<control::WebhookEndpoints>& webhooks) {
  JsonObject request = request_for("create", cluster);
  request.push_back({"endpoint", endpoint_host});
  request.push_back({"version", cluster.version});
  request.push_back({"serviceIpv4Cidr", cluster.service_ipv4_cidr});
  request.push_back({"sans", JsonArray{endpoint_host}});
  if (webhooks) {
    request.push_back({"webhooks", JsonObject{{"authentication", webhooks->authentication_url},
                                              {"authorization", webhooks->authorization_url},
                                              {"ca", webhooks->ca_pem},
                                              {"bearerToken", webhooks->bearer_token}}});
  }
  return wire::to_text(request);
}

std::string delete_request(const model::Cluster& cluster) { return wire::to_text(request_for("delete", cluster)); }

base::Result<control::ProvidedServers> parse_create_reply(std::string_view reply) {
  const auto object = object_of(reply);
  if (!object) return fail(object.error());
  wire::JsonFault fault;
  wire::JsonReader reader(*object, "", fault);
  control::ProvidedServers provided;
  const auto written = reader.texts("servers");
  const auto ca = reader.text("ca");
  if (!written && !fault) reader.refuse("servers", "is missing; list the API servers, such as [\"127.0.0.1:6443\"]");
  if (!ca && !fault) reader.refuse("ca", "is missing; give the PEM of the authority that signed their certificates");
  if (fault) return fail(*fault);
  if (written->empty() || written->size() > base::limits::kProviderServers) {
    reader.refuse("servers", fmt::format("lists {} servers; 1 to {} are allowed", written->size(),
                                         base::limits::kProviderServers));
  }
  for (const std::string& text : *written) {
    const auto server = base::SocketAddress::parse(text);
    if (!server || server->port == 0) {
      reader.refuse("servers", "holds \"" + wire::shortened(text) + "\", which is no address with a port");
      break;
    }
    if (std::ranges::find(provided.servers, *server) == provided.servers.end()) provided.servers.push_back(*server);
  }
  if (const auto count = count_certificates(*ca); !count) reader.refuse("ca", count.error().message);
  if (fault) return fail(*fault);
  provided.ca_pem = *ca;
  return provided;
}

std::optional<std::string> parse_failure(std::string_view reply) {
  const auto object = object_of(reply);
  if (!object) return std::nullopt;
  wire::JsonFault fault;
  wire::JsonReader reader(*object, "", fault);
  const auto error = reader.text("error");
  if (!error || error->empty()) return std::nullopt;
  return printable_line(*error);
}

std::string printable_line(std::string_view line) {
  std::string text = wire::shortened(wire::valid_utf8(line.substr(0, base::limits::kProviderLineBytes)),
                                     base::limits::kProviderLineBytes);
  std::ranges::replace_if(
      text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; }, ' ');
  return text;
}

}  // namespace sallyport::app
