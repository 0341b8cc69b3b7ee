#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/cidr.h"
#include "model/cluster.h"
#include "model/ids.h"
#include "wire/json_reader.h"

// Fields that several EKS requests share. Each reads a member, checks its form, and records a fault on the
// reader for what is wrong; not given is nothing.
namespace sallyport::api::eks {

// ^[0-9A-Za-z][A-Za-z0-9\-_]*$, 1 to 100 characters.
bool is_cluster_name(std::string_view text);
// arn:aws…:iam::<12 digits>:role/<path and name>.
bool is_role_arn(std::string_view text);

// `clientRequestToken`: 1 to limits::kClientRequestTokenBytes printable ASCII characters; empty when not given.
std::string read_client_request_token(wire::JsonReader& body);

// `resourcesVpcConfig` as both create and update carry it.
struct VpcConfigFields {
  std::optional<std::vector<model::SubnetId>> subnets;
  std::optional<std::vector<model::SecurityGroupId>> security_groups;
  std::optional<bool> endpoint_public_access;
  std::optional<bool> endpoint_private_access;
  std::optional<std::vector<model::Cidr>> public_access_cidrs;

  bool changes_access() const { return endpoint_public_access || endpoint_private_access || public_access_cidrs; }
  bool changes_network() const { return subnets || security_groups; }
};
std::optional<VpcConfigFields> read_vpc_config(wire::JsonReader& body);

// `logging`: the types it names, each on or off.
std::optional<std::map<model::LogType, bool>> read_logging(wire::JsonReader& body);

// `authenticationMode`.
std::optional<model::AuthenticationMode> read_authentication_mode(wire::JsonReader& access_config);

// `tags`: at most limits::kTagsPerResource; see check_tag_key.
std::optional<model::Tags> read_tags(wire::JsonReader& body);
// 1 to 128 characters, no control characters, not beginning with "aws:". What is wrong, or empty.
std::string check_tag_key(std::string_view key);

}  // namespace sallyport::api::eks
