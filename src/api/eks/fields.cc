#include "api/eks/fields.h"

#include <algorithm>
#include <set>

#include "base/bytes.h"
#include "base/limits.h"

namespace sallyport::api::eks {

namespace {

namespace limits = base::limits;
using wire::JsonReader;

constexpr std::size_t kClusterNameBytes = 100;
constexpr std::size_t kRoleNameBytes = 576;  // IAM: path 512, name 64
constexpr std::size_t kIdBytes = 64;
constexpr std::size_t kTagKeyCharacters = 128;
constexpr std::size_t kTagValueCharacters = 256;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alphanumeric(char c) { return is_digit(c) || is_letter(c); }

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](unsigned char c) { return c < 0x20 || c == 0x7F; });
}

std::string element(std::string_view list, std::size_t index) {
  return std::string(list) + "[" + std::to_string(index) + "]";
}

template <class Id>
std::optional<std::vector<Id>> read_ids(JsonReader& reader, std::string_view name, std::size_t most) {
  const auto texts = reader.texts(name);
  if (!texts) return std::nullopt;
  if (texts->size() > most) {
    reader.refuse(
        name, "has " + std::to_string(texts->size()) + " entries; at most " + std::to_string(most) + " are allowed");
    return std::nullopt;
  }
  std::vector<Id> ids;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const std::string& text = (*texts)[i];
    const bool well_formed = !text.empty() && text.size() <= kIdBytes &&
                             std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-'; });
    if (!well_formed) {
      reader.refuse(element(name, i),
                    "is no id: \"" + wire::shortened(text) +
                        "\"; give an id of letters, digits and hyphens, such as one the EC2 API shows");
    } else if (std::ranges::find(ids, Id(text)) != ids.end()) {
      reader.refuse(element(name, i), "repeats " + text + "; give each id once");
    }
    ids.emplace_back(text);
  }
  return ids;
}

std::optional<std::vector<model::Cidr>> read_cidrs(JsonReader& reader, std::string_view name) {
  const auto texts = reader.texts(name);
  if (!texts) return std::nullopt;
  if (texts->size() > limits::kPublicAccessCidrs) {
    reader.refuse(name, "has " + std::to_string(texts->size()) + " entries; at most " +
                            std::to_string(limits::kPublicAccessCidrs) +
                            " are allowed: remove some, or join adjacent blocks");
    return std::nullopt;
  }
  std::vector<model::Cidr> blocks;
  std::set<model::Cidr> seen;
  for (std::size_t i = 0; i < texts->size(); ++i) {
    const auto block = model::Cidr::parse((*texts)[i]);
    if (!block) {
      reader.refuse(element(name, i), "is not valid: " + block.error().message);
      return std::nullopt;
    }
    if (!seen.insert(*block).second) {
      reader.refuse(element(name, i), "repeats " + block->to_string() + "; give each block once");
    }
    blocks.push_back(*block);
  }
  return blocks;
}

}  // namespace

bool is_cluster_name(std::string_view text) {
  return !text.empty() && text.size() <= kClusterNameBytes && is_alphanumeric(text.front()) &&
         std::ranges::all_of(text, [](char c) { return is_alphanumeric(c) || c == '-' || c == '_'; });
}

bool is_role_arn(std::string_view text) {
  const auto take = [&text](std::string_view prefix) {
    const bool there = text.starts_with(prefix);
    if (there) text.remove_prefix(prefix.size());
    return there;
  };
  if (!take("arn:aws")) return false;
  while (!text.empty() && (is_letter(text.front()) || text.front() == '-'))
    text.remove_prefix(1);
  if (!take(":iam::") || text.size() < 12) return false;
  if (!std::ranges::all_of(text.substr(0, 12), is_digit)) return false;
  text.remove_prefix(12);
  if (!take(":role/") || text.empty() || text.size() > kRoleNameBytes) return false;
  return text.back() != '/' && std::ranges::all_of(text, [](char c) {
           return is_alphanumeric(c) || std::string_view("+=,.@_-/").find(c) != std::string_view::npos;
         });
}

std::string read_client_request_token(JsonReader& body) {
  const auto token = body.text("clientRequestToken");
  if (!token) return {};
  const bool printable = std::ranges::all_of(*token, [](char c) { return c > 0x20 && c < 0x7F; });
  if (token->empty() || token->size() > limits::kClientRequestTokenBytes || !printable) {
    body.refuse("clientRequestToken", "must be 1 to " + std::to_string(limits::kClientRequestTokenBytes) +
                                          " printable ASCII characters, is \"" + wire::shortened(*token) + "\"");
  }
  return *token;
}

std::optional<VpcConfigFields> read_vpc_config(JsonReader& body) {
  auto reader = body.object("resourcesVpcConfig");
  if (!reader) return std::nullopt;
  VpcConfigFields fields;
  fields.subnets = read_ids<model::SubnetId>(*reader, "subnetIds", limits::kSubnetsPerCluster);
  fields.security_groups =
      read_ids<model::SecurityGroupId>(*reader, "securityGroupIds", limits::kSecurityGroupsPerCluster);
  fields.endpoint_public_access = reader->boolean("endpointPublicAccess");
  fields.endpoint_private_access = reader->boolean("endpointPrivateAccess");
  fields.public_access_cidrs = read_cidrs(*reader, "publicAccessCidrs");

  if (fields.subnets && fields.subnets->size() < 2) {
    reader->refuse("subnetIds", "must name at least two subnets, in two availability zones");
  }
  if (fields.public_access_cidrs && fields.public_access_cidrs->empty()) {
    // Some clients send the empty list beside "public off"; it says nothing there.
    if (fields.endpoint_public_access == false) {
      fields.public_access_cidrs.reset();
    } else {
      reader->refuse("publicAccessCidrs",
                     "is empty; leave it out to keep what is set, or turn endpointPublicAccess off to admit nobody");
    }
  }
  if (fields.endpoint_public_access == false && fields.endpoint_private_access == false) {
    reader->refuse("endpointPrivateAccess",
                   "and endpointPublicAccess cannot both be false: nobody could reach the cluster; set one to true");
  }
  reader->finish();
  return fields;
}

std::optional<std::map<model::LogType, bool>> read_logging(JsonReader& body) {
  auto reader = body.object("logging");
  if (!reader) return std::nullopt;
  std::map<model::LogType, bool> switches;
  if (auto setups = reader->objects("clusterLogging")) {
    for (JsonReader& setup : *setups) {
      const auto types = setup.texts("types");
      const auto enabled = setup.boolean("enabled");
      setup.finish();
      if (!types) {
        setup.refuse("types", "is required: a list of api, audit, authenticator, controllerManager, scheduler");
      } else if (!enabled) {
        setup.refuse("enabled", "is required: true or false");
      }
      if (!types || !enabled) continue;
      for (std::size_t i = 0; i < types->size(); ++i) {
        const auto type = model::parse_log_type((*types)[i]);
        if (!type) {
          setup.refuse(element("types", i),
                       "must be one of api, audit, authenticator, controllerManager, scheduler, is \"" +
                           wire::shortened((*types)[i]) + "\"");
        } else if (const auto [at, fresh] = switches.emplace(*type, *enabled); !fresh && at->second != *enabled) {
          setup.refuse(element("types", i), "turns " + (*types)[i] + " both on and off; name each type once");
        }
      }
    }
  }
  reader->finish();
  return switches;
}

std::optional<model::AuthenticationMode> read_authentication_mode(JsonReader& access_config) {
  const auto text = access_config.text("authenticationMode");
  if (!text) return std::nullopt;
  const auto mode = model::parse_authentication_mode(*text);
  if (!mode) {
    access_config.refuse("authenticationMode",
                         "must be API, API_AND_CONFIG_MAP or CONFIG_MAP, is \"" + wire::shortened(*text) + "\"");
  }
  return mode;
}

std::optional<model::Tags> read_tags(JsonReader& body) {
  const auto entries = body.map("tags");
  if (!entries) return std::nullopt;
  if (entries->size() > limits::kTagsPerResource) {
    body.refuse("tags", "has " + std::to_string(entries->size()) + " entries; at most " +
                            std::to_string(limits::kTagsPerResource) + " are allowed");
    return std::nullopt;
  }
  model::Tags tags;
  for (const auto& [key, value] : *entries) {
    const std::string path = "tags[\"" + wire::shortened(key) + "\"]";
    if (const std::string wrong = check_tag_key(key); !wrong.empty()) body.refuse(path, wrong);
    if (wire::utf8_length(value).value_or(kTagValueCharacters + 1) > kTagValueCharacters) {
      body.refuse(path, "has a value of more than " + std::to_string(kTagValueCharacters) + " characters; shorten it");
    } else if (has_control_character(value)) {
      body.refuse(path, "has a value with control characters; remove them");
    }
    tags.emplace(key, value);
  }
  return tags;
}

std::string check_tag_key(std::string_view key) {
  const auto characters = wire::utf8_length(key);
  if (!characters || *characters < 1 || *characters > kTagKeyCharacters) {
    return "has a key that is not 1 to " + std::to_string(kTagKeyCharacters) + " characters long";
  }
  if (has_control_character(key)) return "has a key with control characters; remove them";
  if (base::ascii_iequals(key.substr(0, 4), "aws:")) {
    return "has a key beginning with 'aws:', which is reserved; choose another";
  }
  return {};
}

}  // namespace sallyport::api::eks
