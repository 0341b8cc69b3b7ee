#include "api/ec2/tags.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>

#include "api/ec2/security_group_rules.h"
#include "api/ec2/tagged.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::SecurityGroup;

constexpr std::size_t kKeyCharacters = 128;
constexpr std::size_t kValueCharacters = 256;
constexpr std::size_t kResourcesAtOnce = 1'000;

bool is_reserved(std::string_view key) { return key.starts_with("aws:"); }

Ec2Status check_tag(const std::string& key, const std::string& value) {
  if (key.empty() || *wire::utf8_length(key) > kKeyCharacters || is_reserved(key)) {
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

// Reserved ones do not count, as on EC2.
std::size_t users_tags(const model::Tags& tags) {
  return static_cast<std::size_t>(std::ranges::count_if(tags, [](const auto& tag) { return !is_reserved(tag.first); }));
}

Ec2Status check_count(const std::string& resource, std::size_t count) {
  if (count <= base::limits::kTagsPerResource) return {};
  return fault("TagLimitExceeded", resource + " would have " + std::to_string(count) + " tags; the limit is " +
                                       std::to_string(base::limits::kTagsPerResource) + ": take some off first");
}

struct RulePlace {
  const SecurityGroup* group = nullptr;
  Direction direction = Direction::kIngress;
  std::size_t index = 0;
};
using RulePlaces = std::unordered_map<model::SecurityGroupRuleId, RulePlace>;

// Where the rules among `ids` stand. One walk finds them all: there may be a thousand, and many more groups.
RulePlaces places_of(const model::Snapshot& world, const std::set<std::string>& ids) {
  std::unordered_set<model::SecurityGroupRuleId> wanted;
  for (const std::string& id : ids) {
    if (id.starts_with("sgr-")) wanted.emplace(id);
  }
  RulePlaces places;
  if (wanted.empty()) return places;
  for (const auto& [group_id, group] : world.security_groups) {
    for (const Direction direction : {Direction::kIngress, Direction::kEgress}) {
      const auto& rules = rules_of(*group, direction);
      for (std::size_t i = 0; i < rules.size(); ++i) {
        if (wanted.contains(rules[i].id)) places.emplace(rules[i].id, RulePlace{group.get(), direction, i});
      }
    }
  }
  return places;
}

// The resources of one request as it changes them.
class Changes {
 public:
  explicit Changes(const model::Snapshot& world, const std::set<std::string>& ids)
      : world_(world), rules_(places_of(world, ids)) {}

  // The tags of the resource, to be changed until the next call; null where there is no such resource.
  model::Tags* tags_of(const std::string& id) {
    if (const auto rule = rules_.find(model::SecurityGroupRuleId(id)); rule != rules_.end()) {
      const RulePlace& place = rule->second;
      return &rules_of(changed(*place.group), place.direction)[place.index].tags;
    }
    model::Tags* tags = nullptr;
    each_tagged_kind(world_, [&]<class Table>(const Table& table, const char*) {
      const auto at = table.find(typename Table::key_type(id));
      if (at == table.end()) return;
      using Resource = std::remove_const_t<typename Table::mapped_type::element_type>;
      if constexpr (std::is_same_v<Resource, SecurityGroup>) {
        tags = &changed(*at->second).tags;
      } else {
        tags = &std::get<Resource>(puts_.emplace_back(*at->second)).tags;
      }
    });
    return tags;
  }

  std::vector<store::Entity> take() {
    for (auto& [id, group] : groups_)
      puts_.emplace_back(std::move(group));
    return std::move(puts_);
  }

 private:
  // One copy of a group for its own tags and those of its rules, which may all be named together.
  SecurityGroup& changed(const SecurityGroup& group) { return groups_.try_emplace(group.id, group).first->second; }

  const model::Snapshot& world_;
  const RulePlaces rules_;
  std::unordered_map<model::SecurityGroupId, SecurityGroup> groups_;
  std::vector<store::Entity> puts_;
};

// Applies `change` to the tags of each ResourceId.N.
template <class Change>
Ec2Result<Outcome> change_tags(const Context& context, Change change) {
  const std::vector<std::string> list = context.params.list("ResourceId");
  if (list.empty()) return fault("MissingParameter", "The request must contain the parameter ResourceId");
  if (list.size() > kResourcesAtOnce) {
    return fault("InvalidParameterValue",
                 "At most 1000 resources can be tagged at once; ResourceId names " + std::to_string(list.size()));
  }
  const std::set<std::string> ids(list.begin(), list.end());
  Changes changes(context.world, ids);
  for (const std::string& id : ids) {
    model::Tags* tags = changes.tags_of(id);
    if (tags == nullptr) {
      return fault("InvalidID", "The ID '" + wire::shortened(id) + "' is not valid: no such resource");
    }
    const std::size_t before = users_tags(*tags);
    change(*tags);
    const std::size_t after = users_tags(*tags);
    if (after <= before) continue;
    if (auto room = check_count("'" + id + "'", after); !room) return fault(room.error());
  }
  Outcome outcome = done();
  outcome.puts = changes.take();
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
    if (is_reserved(*key)) {
      return fault("InvalidParameterValue", "Tag key '" + wire::shortened(*key) +
                                                "' begins with aws:, which is reserved: such tags stay as long as "
                                                "what they are on; leave it out");
    }
    wanted.emplace_back(*std::move(key), tag.text("Value"));
  }
  return change_tags(context, [&](model::Tags& of) {
    if (wanted.empty()) std::erase_if(of, [](const auto& tag) { return !is_reserved(tag.first); });
    for (const auto& [key, value] : wanted) {
      const auto found = of.find(key);
      if (found != of.end() && (!value || found->second == *value)) of.erase(found);
    }
  });
}

constexpr auto kTagOperations = std::to_array<Entry>({
    {"CreateTags", create_tags, true},
    {"DeleteTags", delete_tags, true},
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
  if (auto checked = check_count("The " + std::string(resource_type), all.size()); !checked) {
    return fault(checked.error());
  }
  return all;
}

std::span<const Entry> tag_operations() { return kTagOperations; }

}  // namespace sallyport::api::ec2
