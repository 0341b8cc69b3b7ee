#include "api/eks/parse_create.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include "api/eks/fields.h"
#include "api/eks/request_body.h"
#include "model/cidr.h"
#include "wire/json_reader.h"

namespace sallyport::api::eks {

namespace {

using wire::JsonReader;

constexpr std::string_view kOff = "is not supported by Sallyport; leave it out or set it to false";
constexpr std::string_view kAbsent = "is not supported by Sallyport; leave it out";

// A feature that is a block with a switch: only "off" is accepted.
void read_switched_off(JsonReader& reader) {
  if (reader.boolean("enabled").value_or(false)) reader.refuse("enabled", kOff);
}

void read_empty_list(JsonReader& reader, std::string_view name) {
  if (const auto list = reader.objects(name); list && !list->empty()) reader.refuse(name, kAbsent);
}

void read_features_not_offered(JsonReader& body) {
  body.boolean("bootstrapSelfManagedAddons");  // add-ons are the API servers' own affair
  read_empty_list(body, "encryptionConfig");
  if (body.has("outpostConfig")) body.refuse("outpostConfig", kAbsent);
  if (auto compute = body.object("computeConfig")) {
    read_switched_off(*compute);
    if (const auto pools = compute->texts("nodePools"); pools && !pools->empty()) compute->refuse("nodePools", kAbsent);
    if (compute->has("nodeRoleArn")) compute->refuse("nodeRoleArn", kAbsent);
    compute->finish();
  }
  if (auto storage = body.object("storageConfig")) {
    if (auto block = storage->object("blockStorage")) {
      read_switched_off(*block);
      block->finish();
    }
    storage->finish();
  }
  if (auto zonal = body.object("zonalShiftConfig")) {
    read_switched_off(*zonal);
    zonal->finish();
  }
  if (auto remote = body.object("remoteNetworkConfig")) {
    read_empty_list(*remote, "remoteNodeNetworks");
    read_empty_list(*remote, "remotePodNetworks");
    remote->finish();
  }
  if (auto scaling = body.object("controlPlaneScalingConfig")) {
    if (scaling->text("tier").value_or("standard") != "standard") {
      scaling->refuse("tier", "is not supported by Sallyport; leave it out or set it to standard");
    }
    scaling->finish();
  }
}

// "1.34".
bool is_version(std::string_view text) {
  const std::size_t dot = text.find('.');
  const auto number = [](std::string_view digits) {
    return !digits.empty() && digits.size() <= 3 &&
           std::ranges::all_of(digits, [](char c) { return c >= '0' && c <= '9'; });
  };
  return dot != std::string_view::npos && number(text.substr(0, dot)) && number(text.substr(dot + 1));
}

std::optional<std::string> read_service_cidr(JsonReader& network) {
  const auto text = network.text("serviceIpv4Cidr");
  if (!text) return std::nullopt;
  const auto block = model::Cidr::parse(*text);
  if (!block) {
    network.refuse("serviceIpv4Cidr", "is not valid: " + block.error().message);
    return std::nullopt;
  }
  const bool is_private =
      std::ranges::any_of(std::to_array<const char*>({"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"}),
                          [&](const char* range) { return model::Cidr::parse(range)->contains(*block); });
  if (!is_private || block->prefix() < 12 || block->prefix() > 24) {
    network.refuse("serviceIpv4Cidr",
                   "must be an IPv4 block of /12 to /24 within 10.0.0.0/8, 172.16.0.0/12 or 192.168.0.0/16, is " +
                       block->to_string());
  }
  return block->to_string();
}

void read_kubernetes_network(JsonReader& body, control::CreateClusterRequest& request) {
  auto network = body.object("kubernetesNetworkConfig");
  if (!network) return;
  request.service_ipv4_cidr = read_service_cidr(*network);
  const std::string family = network->text("ipFamily").value_or("ipv4");
  if (family == "ipv6") {
    network->refuse("ipFamily", "ipv6 is not supported by Sallyport; leave it out or set it to ipv4");
  } else if (family != "ipv4") {
    network->refuse("ipFamily", "must be ipv4, is \"" + wire::shortened(family) + "\"");
  }
  if (auto balancing = network->object("elasticLoadBalancing")) {
    read_switched_off(*balancing);
    balancing->finish();
  }
  network->finish();
}

void read_access_config(JsonReader& body, control::CreateClusterRequest& request) {
  auto access = body.object("accessConfig");
  if (!access) return;
  request.bootstrap_creator_admin = access->boolean("bootstrapClusterCreatorAdminPermissions");
  request.authentication_mode = read_authentication_mode(*access);
  access->finish();
}

void read_upgrade_policy(JsonReader& body, control::CreateClusterRequest& request) {
  auto policy = body.object("upgradePolicy");
  if (!policy) return;
  request.support_type = policy->text("supportType");
  if (const auto& type = request.support_type; type && *type != "STANDARD" && *type != "EXTENDED") {
    policy->refuse("supportType", "must be STANDARD or EXTENDED, is \"" + wire::shortened(*type) + "\"");
  }
  policy->finish();
}

void read_identity(JsonReader& body, control::CreateClusterRequest& request) {
  const auto name = body.text("name");
  if (!name) {
    body.refuse("name", "is required");
  } else if (!is_cluster_name(*name)) {
    body.refuse(
        "name",
        "must be 1 to 100 letters, digits, hyphens and underscores, beginning with a letter or digit; it is \"" +
            wire::shortened(*name) + "\"");
  }
  request.name = model::ClusterName(name.value_or(""));

  const auto role = body.text("roleArn");
  if (!role) {
    body.refuse("roleArn", "is required: the ARN of the cluster's IAM role");
  } else if (!is_role_arn(*role)) {
    body.refuse("roleArn", "must be the ARN of an IAM role, such as arn:aws:iam::000000000000:role/eks, is \"" +
                               wire::shortened(*role, 128) + "\"");
  }
  request.role_arn = model::Arn(role.value_or(""));

  request.version = body.text("version");
  if (request.version && !is_version(*request.version)) {
    body.refuse("version", "must be a minor version such as 1.34, is \"" + wire::shortened(*request.version) + "\"");
  }
}

void read_vpc(JsonReader& body, control::CreateClusterRequest& request) {
  auto vpc = read_vpc_config(body);
  if (!vpc) {
    body.refuse("resourcesVpcConfig", "is required: at least its subnetIds");
    return;
  }
  if (!vpc->subnets) {
    body.refuse("resourcesVpcConfig.subnetIds", "is required: at least two subnets, in two availability zones");
    return;
  }
  if (vpc->endpoint_public_access == false && !vpc->endpoint_private_access.value_or(false)) {
    body.refuse("resourcesVpcConfig.endpointPublicAccess",
                "cannot be false unless endpointPrivateAccess is true: nobody could reach the cluster");
  }
  request.subnets = std::move(*vpc->subnets);
  request.security_groups = std::move(vpc->security_groups).value_or(std::vector<model::SecurityGroupId>{});
  request.endpoint_public_access = vpc->endpoint_public_access;
  request.endpoint_private_access = vpc->endpoint_private_access;
  request.public_access_cidrs = std::move(vpc->public_access_cidrs);
}

}  // namespace

base::Result<control::CreateClusterRequest> parse_create_cluster(std::string_view text) {
  const auto object = parse_body(text);
  if (!object) return base::fail(object.error());
  wire::JsonFault fault;
  JsonReader body(*object, "", fault);
  control::CreateClusterRequest request;

  read_identity(body, request);
  read_vpc(body, request);
  read_kubernetes_network(body, request);
  if (const auto logging = read_logging(body)) {
    auto& enabled = request.enabled_logs.emplace();
    for (const auto& [type, on] : *logging) {
      if (on) enabled.push_back(type);
    }
  }
  read_access_config(body, request);
  read_upgrade_policy(body, request);
  request.deletion_protection = body.boolean("deletionProtection");
  request.tags = read_tags(body).value_or(model::Tags{});
  request.client_request_token = read_client_request_token(body);
  read_features_not_offered(body);
  body.finish();
  if (fault) return base::fail(*fault);

  request.request_hash = request_hash("CreateCluster", request.name.str(), *object);
  return request;
}

}  // namespace sallyport::api::eks
