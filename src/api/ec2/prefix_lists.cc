#include <algorithm>
#include <array>
#include <utility>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/prefix_list_entries.h"
#include "api/ec2/resources.h"
#include "api/ec2/security_group_rules.h"
#include "api/ec2/tags.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "control/network.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::PrefixList;

constexpr std::size_t kNameCharacters = 255;
constexpr std::size_t kTokenCharacters = 255;
constexpr auto kMostEntries = static_cast<std::int64_t>(base::limits::kPrefixListEntries);

bool refers_to(const model::SecurityGroup& group, const model::PrefixListId& id) {
  const auto to_it = [&](const model::SecurityGroupRule& rule) { return rule.source_prefix_list == id; };
  return std::ranges::any_of(group.ingress, to_it) || std::ranges::any_of(group.egress, to_it);
}

// Groups with a rule that refers to it, by id.
std::vector<const model::SecurityGroup*> groups_using(const model::Snapshot& world, const model::PrefixListId& id) {
  std::vector<const model::SecurityGroup*> users;
  for (const auto& [group_id, group] : world.security_groups) {
    if (refers_to(*group, id)) users.push_back(group.get());
  }
  std::ranges::sort(users, {}, [](const model::SecurityGroup* group) -> const std::string& { return group->id.str(); });
  return users;
}

Ec2Status check_name(const std::string& name) {
  if (*wire::utf8_length(name) <= kNameCharacters && !base::ascii_lower(name).starts_with("com.amazonaws")) return {};
  return invalid_value("PrefixListName", wire::shortened(name),
                       "Give at most 255 characters, not beginning with com.amazonaws.");
}

Ec2Result<std::string> read_family(const Params& params) {
  auto family = params.required("AddressFamily");
  if (!family || *family == "IPv4" || *family == "IPv6") return family;
  return invalid_value("AddressFamily", wire::shortened(*family), "Give IPv4 or IPv6.");
}

// A list as the request describes it, without an id.
Ec2Result<PrefixList> read_list(const Params& params) {
  PrefixList list;
  auto name = params.required("PrefixListName");
  if (!name) return fault(name.error());
  if (auto usable = check_name(*name); !usable) return fault(usable.error());
  list.name = *std::move(name);
  auto family = read_family(params);
  if (!family) return fault(family.error());
  list.address_family = *std::move(family);
  if (auto given = params.required("MaxEntries"); !given) return fault(given.error());
  const auto most = params.number("MaxEntries", 1, kMostEntries);
  if (!most) return fault(most.error());
  list.max_entries = static_cast<std::uint64_t>(**most);
  if (auto added = add_entries(params, "Entry", list); !added) return fault(added.error());
  if (auto fits = check_entry_count(list); !fits) return fault(fits.error());
  const auto token = params.text_within("ClientToken", kTokenCharacters);
  if (!token) return fault(token.error());
  list.client_token = token->value_or("");
  return list;
}

const PrefixList* made_with(const model::Snapshot& world, const std::string& token) {
  if (token.empty()) return nullptr;
  for (const auto& [id, list] : world.all<PrefixList>()) {
    if (list->client_token == token) return list.get();
  }
  return nullptr;
}

Outcome answer_of(const Context& context, const PrefixList& list, std::string_view state = {}) {
  Outcome outcome;
  outcome.answer.group("prefixList", [&](Xml& xml) { render_prefix_list(xml, context, list, state); });
  return outcome;
}

Ec2Result<Outcome> create_list(const Context& context) {
  auto list = read_list(context.params);
  if (!list) return fault(list.error());
  const auto tags = tags_at_creation(context.params, "prefix-list");
  if (!tags) return fault(tags.error());
  if (const PrefixList* made = made_with(context.world, list->client_token)) {
    const bool same = made->name == list->name && made->address_family == list->address_family &&
                      made->max_entries == list->max_entries && made->entries == list->entries;
    if (same || made->modified) return answer_of(context, *made);
    return fault("IdempotentParameterMismatch",
                 "ClientToken made the prefix list '" + made->id.str() + "' with other parameters; use a new token");
  }
  if (auto room = check_room(context.world.all<PrefixList>().size(), base::limits::kNetworkObjectsPerKind,
                             "PrefixListLimitExceeded", "prefix lists");
      !room) {
    return fault(room.error());
  }
  list->id = model::PrefixListId(control::new_resource_id("pl-", context.entropy));
  list->tags = *tags;
  Outcome outcome = answer_of(context, *list);
  outcome.puts.emplace_back(*std::move(list));
  return outcome;
}

Ec2Status check_version(const Params& params, const PrefixList& list) {
  const auto version = params.number("CurrentVersion", 0, INT64_MAX);
  if (!version) return fault(version.error());
  if (!*version || static_cast<std::uint64_t>(**version) == list.version) return {};
  return fault("PrefixListVersionMismatch", "The prefix list has the incorrect version number: CurrentVersion is " +
                                                std::to_string(**version) + ", the prefix list is at version " +
                                                std::to_string(list.version));
}

Ec2Status modify_entries(const Params& params, PrefixList& list) {
  if (auto removed = remove_entries(params, list); !removed) return removed;
  if (auto added = add_entries(params, "AddEntry", list); !added) return added;
  if (auto fits = check_entry_count(list); !fits) return fits;
  ++list.version;
  return {};
}

// Each group that refers to the list must have room for its new size.
Ec2Status resize(const Context& context, std::int64_t most, PrefixList& list) {
  if (static_cast<std::uint64_t>(most) < list.entries.size()) {
    return invalid_value("MaxEntries", std::to_string(most),
                         "The prefix list has " + std::to_string(list.entries.size()) + " entries; remove some first.");
  }
  list.max_entries = static_cast<std::uint64_t>(most);
  model::Snapshot after;
  after.objects = context.world.objects;
  std::get<model::Table<PrefixList>>(after.objects)[list.id] = std::make_shared<const PrefixList>(list);
  for (const model::SecurityGroup* group : groups_using(context.world, list.id)) {
    if (auto room = check_rule_count(after, *group); !room) return room;
  }
  return {};
}

Ec2Result<Outcome> modify_list(const Context& context) {
  const Params& params = context.params;
  const auto list = requested_prefix_list(context);
  if (!list) return fault(list.error());
  PrefixList changed = **list;
  if (auto current = check_version(params, changed); !current) return fault(current.error());
  if (params.boolean("IpamPrefixListResolverSyncEnabled").value_or(false).value_or(false)) {
    return invalid_value("IpamPrefixListResolverSyncEnabled", "true", "There is no IPAM here; leave it out.");
  }
  const bool entries = params.has("AddEntry") || params.has("RemoveEntry");
  const auto most = params.number("MaxEntries", 1, kMostEntries);
  if (!most) return fault(most.error());
  const auto name = params.text("PrefixListName");
  if (entries && *most) {
    return fault("InvalidParameterCombination",
                 "You cannot modify the entries and the maximum entries for the prefix list in the same request.");
  }
  if (!entries && !*most && !name) {
    return fault("MissingParameter", "Give PrefixListName, MaxEntries, AddEntry or RemoveEntry");
  }
  if (name) {
    if (auto usable = check_name(*name); !usable) return fault(usable.error());
    changed.name = *name;
  }
  if (*most) {
    if (auto resized = resize(context, **most, changed); !resized) return fault(resized.error());
  }
  if (entries) {
    if (auto modified = modify_entries(params, changed); !modified) return fault(modified.error());
  }
  changed.modified = true;
  Outcome outcome = answer_of(context, changed);
  outcome.puts.emplace_back(std::move(changed));
  return outcome;
}

Ec2Result<Outcome> delete_list(const Context& context) {
  const auto list = requested_prefix_list(context);
  if (!list) return fault(list.error());
  std::vector<std::string> users;
  for (const model::SecurityGroup* group : groups_using(context.world, (*list)->id))
    users.push_back("a rule of security group " + group->id.str());
  if (!users.empty()) return dependency_violation("prefix list", (*list)->id.str(), users);
  Outcome outcome = answer_of(context, **list, "delete-in-progress");
  outcome.erases.emplace_back((*list)->id);
  return outcome;
}

template <class Render>
Ec2Result<Outcome> describe_lists(const Context& context, std::string_view operation, std::int64_t fewest,
                                  std::initializer_list<std::string_view> filters, Render render) {
  return describe<PrefixList>(
      context, {operation, "PrefixListId", "InvalidPrefixListID.NotFound", "prefix list ID", "prefixListSet", fewest},
      context.world.all<PrefixList>(), filters,
      [&](const PrefixList& list) {
        Facts facts{
            {"owner-id", context.account.str()}, {"prefix-list-id", list.id.str()}, {"prefix-list-name", list.name}};
        add_tags(facts, list.tags);
        return facts;
      },
      render);
}

Ec2Result<Outcome> describe_managed(const Context& context) {
  return describe_lists(context, "DescribeManagedPrefixLists", 1, {"owner-id", "prefix-list-id", "prefix-list-name"},
                        [&](Xml& xml, const PrefixList& list) { render_prefix_list(xml, context, list); });
}

Ec2Result<Outcome> describe_blocks(const Context& context) {
  return describe_lists(context, "DescribePrefixLists", kFewestResults, {"prefix-list-id", "prefix-list-name"},
                        [](Xml& xml, const PrefixList& list) {
                          xml.id("prefixListId", list.id).text("prefixListName", list.name);
                          xml.group("cidrSet", [&](Xml& blocks) {
                            for (const model::PrefixListEntry& entry : list.entries)
                              blocks.text("item", entry.block.to_string());
                          });
                        });
}

constexpr auto kPrefixListOperations = std::to_array<Entry>({
    {"CreateManagedPrefixList", create_list, true},
    {"DescribeManagedPrefixLists", describe_managed},
    {"ModifyManagedPrefixList", modify_list, true},
    {"DeleteManagedPrefixList", delete_list, true},
    {"DescribePrefixLists", describe_blocks},
});

}  // namespace

std::span<const Entry> prefix_list_operations() { return kPrefixListOperations; }

}  // namespace sallyport::api::ec2
