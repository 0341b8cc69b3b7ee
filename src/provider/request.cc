#include "provider/request.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "base/ip_address.h"
#include "base/limits.h"
#include "model/cidr.h"
#include "provider/certificate.h"
#include "wire/json_parse.h"
#include "wire/json_reader.h"
#include "wire/json_value.h"

namespace sallyport::provider {

namespace {

using base::ErrorKind;
using base::fail;
using wire::JsonReader;
using wire::shortened;

constexpr std::size_t kClusterNameBytes = 100;
constexpr std::size_t kUrlBytes = 2'048;
constexpr std::size_t kTokenBytes = 4'096;

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

bool is_identity(std::string_view text) {
  const auto upper_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'F'); };
  return text.size() == 32 && std::ranges::all_of(text, upper_hex);
}

bool is_cluster_name(std::string_view text) {
  const auto allowed = [](char c) { return is_letter_or_digit(c) || c == '-' || c == '_'; };
  return !text.empty() && text.size() <= kClusterNameBytes && is_letter_or_digit(text.front()) &&
         std::ranges::all_of(text, allowed);
}

bool is_label(std::string_view text) {
  const auto allowed = [](char c) { return is_letter_or_digit(c) || c == '-'; };
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-' &&
         std::ranges::all_of(text, allowed);
}

// A host name of RFC 1123; as a certificate's name its first label may be "*".
bool is_host_name(std::string_view text, bool wildcard) {
  if (text.empty() || text.size() > 253) return false;
  if (wildcard && text.starts_with("*.")) text.remove_prefix(2);
  while (true) {
    const std::size_t dot = text.find('.');
    if (!is_label(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

// Printable and without white space, as a header line and a kubeconfig take it.
bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f; });
}

std::string quoted(std::string_view value) { return "\"" + shortened(value) + "\""; }

std::string required(JsonReader& from, std::string_view name) {
  if (auto value = from.text(name)) return *std::move(value);
  from.refuse(name, "is missing; it must be a string");
  return {};
}

std::string url_of(JsonReader& from, std::string_view name) {
  std::string url = required(from, name);
  const bool good = url.starts_with("https://") && url.size() > 8 && url.size() <= kUrlBytes && is_plain(url);
  if (!good) from.refuse(name, "must be an https URL of at most 2048 characters, is " + quoted(url));
  return url;
}

Webhooks webhooks_of(JsonReader& from) {
  Webhooks hooks;
  hooks.authentication = url_of(from, "authentication");
  hooks.authorization = url_of(from, "authorization");
  hooks.ca_pem = required(from, "ca");
  if (auto counted = count_certificates(hooks.ca_pem); !counted) {
    from.refuse("ca", counted.error().message + "; give the authority of the webhooks' certificate");
  }
  hooks.bearer_token = required(from, "bearerToken");
  // The value is a secret: it stays out of the message.
  if (hooks.bearer_token.empty() || hooks.bearer_token.size() > kTokenBytes || !is_plain(hooks.bearer_token)) {
    from.refuse("bearerToken", "must be 1 to 4096 printable characters without white space");
  }
  return hooks;
}

std::string service_cidr_of(JsonReader& from) {
  constexpr std::string_view kName = "serviceIpv4Cidr";
  std::string text = from.text(kName).value_or("10.100.0.0/16");
  const auto block = model::Cidr::parse(text);
  if (!block) {
    from.refuse(kName, "must be an IPv4 block; " + block.error().message);
  } else if (block->family() != base::Family::kV4 || block->prefix() < 12 || block->prefix() > 24) {
    from.refuse(kName, "must be an IPv4 block from /12 to /24, is " + quoted(text));
  }
  return text;
}

std::vector<std::string> sans_of(JsonReader& from) {
  auto names = from.texts("sans").value_or(std::vector<std::string>{});
  if (names.size() > base::limits::kProviderNames) {
    from.refuse("sans", "has " + std::to_string(names.size()) + " names; the limit is " +
                            std::to_string(base::limits::kProviderNames));
    return {};
  }
  for (std::string& name : names) {
    if (const auto address = base::IpAddress::parse(name)) {
      name = address->to_string();
    } else if (is_host_name(name, true)) {
      name = base::ascii_lower(name);
    } else {
      from.refuse("sans", "must hold DNS names and IP addresses, holds " + quoted(name));
    }
  }
  std::ranges::sort(names);
  const auto repeated = std::ranges::unique(names);
  names.erase(repeated.begin(), repeated.end());
  return names;
}

CreateRequest create_of(JsonReader& from, model::EndpointId id, model::ClusterName cluster) {
  CreateRequest create;
  create.id = std::move(id);
  create.cluster = std::move(cluster);
  create.endpoint = base::ascii_lower(required(from, "endpoint"));
  if (!is_host_name(create.endpoint, false) || base::IpAddress::parse(create.endpoint)) {
    from.refuse("endpoint", "must be a DNS name, is " + quoted(create.endpoint));
  }
  const std::string version = required(from, "version");
  const auto parsed = KubernetesVersion::parse(version);
  if (!parsed) from.refuse("version", "must be a minor release such as \"1.34\", is " + quoted(version));
  create.version = parsed.value_or(KubernetesVersion{});
  create.service_cidr = service_cidr_of(from);
  create.sans = sans_of(from);
  if (auto hooks = from.object("webhooks")) create.webhooks = webhooks_of(*hooks);
  return create;
}

}  // namespace

base::Result<Request> parse_request(std::string_view text) {
  if (text.size() > base::limits::kProviderRequestBytes) {
    return fail(ErrorKind::kLimitExceeded, "the request is longer than 1 MiB; send less");
  }
  auto json = wire::parse_json(text);
  if (!json) {
    return fail(json.error().kind, "the request on standard input is not JSON: " + json.error().message +
                                       "; send one JSON object, see docs/provider.md");
  }
  const wire::JsonObject* object = json->as_object();
  if (object == nullptr) {
    return fail(ErrorKind::kInvalidParameter,
                "the request must be a JSON object, is " + wire::describe(*json) + "; see docs/provider.md");
  }
  wire::JsonFault fault;
  JsonReader reader(*object, "", fault);
  // First of all: what follows means something in this version alone.
  const std::string version = required(reader, "apiVersion");
  if (version != kProtocolVersion) {
    reader.refuse("apiVersion", "must be \"" + std::string(kProtocolVersion) + "\", is " + quoted(version));
  }
  const std::string action = required(reader, "action");
  const bool creates = action == "create";
  if (!creates && action != "delete") {
    reader.refuse("action", "must be \"create\" or \"delete\", is " + quoted(action));
  }
  model::EndpointId id(required(reader, "clusterId"));
  if (!is_identity(id.str())) {
    reader.refuse("clusterId", "must be 32 upper-case hexadecimal digits, is " + quoted(id.str()));
  }
  model::ClusterName cluster(required(reader, "cluster"));
  if (!is_cluster_name(cluster.str())) {
    reader.refuse("cluster", "must be 1 to 100 letters, digits, - and _, is " + quoted(cluster.str()));
  }
  Request request = creates ? Request(create_of(reader, id, cluster)) : Request(DeleteRequest{id, cluster});
  if (fault) return fail(*fault);
  return request;
}

std::string render_created(const std::vector<std::string>& servers, std::string_view ca_pem) {
  return to_text(wire::JsonObject{{"servers", wire::JsonArray(servers.begin(), servers.end())}, {"ca", ca_pem}});
}

std::string render_deleted() { return "{}"; }

std::string render_failure(const base::Error& error) { return to_text(wire::JsonObject{{"error", error.message}}); }

}  // namespace sallyport::provider
