#include "api/ec2/tags.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <variant>

#include "api/ec2/describe.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

constexpr std::size_t kKeyCharacters = 128;
constexpr std::size_t kValueCharacters = 256;
constexpr std::size_t kResourcesAtOnce = 1'000;

// Calls `visit(table, resource type)` for every kind that has tags and an id of its own.
template <class Visit>
void each_kind(const model::Snapshot& world, Visit visit) {
  visit(world.vpcs, "vpc");
  visit(world.subnets, "subnet");
  visit(world.security_groups, "security-group");
  visit(world.all<model::DhcpOptions>(), "dhcp-options");
  visit(world.all<model::PrefixList>(), "prefix-list");
  visit(world.all<model::NetworkInterface>(), "network-interface");
  visit(world.all<model::ElasticIp>(), "elastic-ip");
  visit(world.all<model::NatGateway>(), "natgateway");
  visit(world.all<model::VpcPeering>(), "vpc-peering-connection");
  visit(world.all<model::TransitGateway>(), "transit-gateway");
  visit(world.all<model::TransitGatewayAttachment>(), "transit-gateway-attachment");
  visit(world.all<model::CustomerGateway>(), "customer-gateway");
  visit(world.all<model::VpnGateway>(), "vpn-gateway");
  visit(world.all<model::VpnConnection>(), "vpn-connection");
}

Ec2Status check_tag(const std::string& key, const std::string& value) {
  if (key.empty() || *wire::utf8_length(key) > kKeyCharacters || key.starts_with("aws:")) {
    return fault("InvalidParameterValue",
                 "Tag key '" + wire::shortened(key) +
                     "' must have 1 to 128 characters and must not begin with aws:, which is reserved");
  }
  if (*wire::utf8_length(value) > kValueCharacters) {
    return fault("InvalidParameterValue", "The value of tag '" + key + "' has more than 256 characters");
  }
  return {};
}

Ec2Result<model::Tags> read_tags(const Params& params) {
  model::Tags tags;
  for (const Params& tag : params.structs("Tag")) {
    auto key = tag.required("Key");
    if (!key) return fault(key.error());
    std::string value = tag.text_or("Value", "");
    if (auto checked = check_tag(*key, value); !checked) return fault(checked.error());
    if (!tags.emplace(*key, std::move(value)).second) {
      return fault("InvalidParameterValue", "Tag key '" + *key + "' is given more than once");
    }
  }
  return tags;
}

Ec2Status check_count(const model::Tags& tags) {
  if (tags.size() <= base::limits::kTagsPerResource) return {};
  return fault("TagLimitExceeded", "A resource may have " + std::to_string(base::limits::kTagsPerResource) +
                                       " tags; this one would have " + std::to_string(tags.size()));
}

// The resource `id`, with its tags as `change` leaves them; nothing where there is no such resource.
template <class Change>
std::optional<store::Entity> with_tags(const model::Snapshot& world, const std::string& id, Change change) {
  std::optional<store::Entity> found;
  each_kind(world, [&](const auto& table, const char*) {
    const auto at = table.find(typename std::decay_t<decltype(table)>::key_type(id));
    if (at == table.end()) return;
    auto changed = *at->second;
    change(changed.tags);
    found = std::move(changed);
  });
  if (found || !id.starts_with("sgr-")) return found;
  for (const auto& [group_id, group] : world.security_groups) {
    model::SecurityGroup changed = *group;
    for (auto* rules : {&changed.ingress, &changed.egress}) {
      const auto rule = std::ranges::find(*rules, model::SecurityGroupRuleId(id), &model::SecurityGroupRule::id);
      if (rule == rules->end()) continue;
      change(rule->tags);
      return changed;
    }
  }
  return std::nullopt;
}

std::size_t count_of(const store::Entity& entity) {
  return std::visit(
      [](const auto& resource) -> std::size_t {
        if constexpr (requires { resource.tags.size(); }) return resource.tags.size();
        return 0;
      },
      entity);
}

// Applies `change` to the tags of each ResourceId.N. Rules of one group given together are changed one after the
// other, each over the group as the one before left it.
template <class Change>
Ec2Result<Outcome> change_tags(const Context& context, Change change) {
  const std::vector<std::string> ids = context.params.list("ResourceId");
  if (ids.empty()) return fault("MissingParameter", "The request must contain the parameter ResourceId");
  if (ids.size() > kResourcesAtOnce) {
    return fault("InvalidParameterValue", "At most 1000 resources can be tagged at once");
  }
  model::Snapshot world;  // the clusters have no tags here
  world.vpcs = context.world.vpcs;
  world.subnets = context.world.subnets;
  world.security_groups = context.world.security_groups;
  world.objects = context.world.objects;
  Outcome outcome = done();
  for (const std::string& id : ids) {
    auto changed = with_tags(world, id, change);
    if (!changed) return fault("InvalidID", "The ID '" + wire::shortened(id) + "' is not valid: no such resource");
    if (count_of(*changed) > base::limits::kTagsPerResource) {
      return fault("TagLimitExceeded",
                   "'" + id + "' would have more than " + std::to_string(base::limits::kTagsPerResource) + " tags");
    }
    if (const auto* group = std::get_if<model::SecurityGroup>(&*changed)) {
      world.security_groups[group->id] = std::make_shared<const model::SecurityGroup>(*group);
    }
    outcome.puts.push_back(*std::move(changed));
  }
  return outcome;
}

Ec2Result<Outcome> create_tags(const Context& context) {
  const auto tags = read_tags(context.params);
  if (!tags) return fault(tags.error());
  if (tags->empty()) return fault("MissingParameter", "The request must contain the parameter Tag");
  return change_tags(context, [&](model::Tags& of) {
    for (const auto& [key, value] : *tags)
      of[key] = value;
  });
}

Ec2Result<Outcome> delete_tags(const Context& context) {
  std::vector<std::pair<std::string, std::optional<std::string>>> wanted;
  for (const Params& tag : context.params.structs("Tag")) {
    auto key = tag.required("Key");
    if (!key) return fault(key.error());
    wanted.emplace_back(*std::move(key), tag.text("Value"));
  }
  return change_tags(context, [&](model::Tags& of) {
    if (wanted.empty()) std::erase_if(of, [](const auto& tag) { return !tag.first.starts_with("aws:"); });
    for (const auto& [key, value] : wanted) {
      const auto found = of.find(key);
      if (found != of.end() && (!value || found->second == *value)) of.erase(found);
    }
  });
}

struct TagRow {
  std::string resource;
  std::string type;
  std::string key;
  std::string value;
  std::string position() const { return resource + "\n" + key; }
};

Ec2Result<Outcome> describe_tags(const Context& context) {
  const auto filters = Filters::parse(context.params, {"key", "resource-id", "resource-type", "tag", "value"});
  if (!filters) return fault(filters.error());
  const auto page = page_request(context, "DescribeTags");
  if (!page) return fault(page.error());
  std::vector<TagRow> rows;
  each_kind(context.world, [&](const auto& table, const char* type) {
    for (const auto& [id, resource] : table) {
      for (const auto& [key, value] : resource->tags) {
        Facts facts{{"key", key}, {"resource-id", id.str()}, {"resource-type", type}, {"value", value}};
        add_tags(facts, {{key, value}});
        if (filters->match(facts)) rows.push_back({id.str(), type, key, value});
      }
    }
  });
  std::ranges::sort(rows, {}, &TagRow::position);
  std::erase_if(rows, [&](const TagRow& row) { return !page->after.empty() && row.position() <= page->after; });
  const bool more = page->limit != 0 && rows.size() > page->limit;
  if (more) rows.resize(page->limit);
  Outcome outcome;
  outcome.answer.set("tagSet", rows, [](Xml& item, const TagRow& row) {
    item.text("resourceId", row.resource).text("resourceType", row.type).text("key", row.key).text("value", row.value);
  });
  if (more) outcome.answer.text("nextToken", next_token(context, "DescribeTags", rows.back().position()));
  return outcome;
}

constexpr auto kOperations = std::to_array<Entry>({
    {"CreateTags", create_tags, true},
    {"DeleteTags", delete_tags, true},
    {"DescribeTags", describe_tags},
});

}  // namespace

Ec2Result<model::Tags> tags_at_creation(const Params& params, std::string_view resource_type, std::string_view list) {
  model::Tags all;
  for (const Params& specification : params.structs(list)) {
    const auto type = specification.required("ResourceType");
    if (!type) return fault(type.error());
    if (*type != resource_type) {
      return invalid_value(specification.full_name("ResourceType"), *type,
                           "This operation makes a " + std::string(resource_type) + ".");
    }
    const auto tags = read_tags(specification);
    if (!tags) return fault(tags.error());
    for (const auto& [key, value] : *tags)
      all[key] = value;
  }
  if (auto checked = check_count(all); !checked) return fault(checked.error());
  return all;
}

std::span<const Entry> tag_operations() { return kOperations; }

}  // namespace sallyport::api::ec2
