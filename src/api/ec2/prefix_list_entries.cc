#include "api/ec2/prefix_list_entries.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "api/ec2/arn.h"
#include "api/ec2/describe.h"
#include "api/ec2/resources.h"
#include "base/bytes.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

using model::Cidr;
using model::PrefixList;
using model::PrefixListEntry;

constexpr std::size_t kDescriptionCharacters = 255;

Ec2Result<Cidr> read_block(const Params& entry, const PrefixList& list) {
  const auto text = entry.required("Cidr");
  if (!text) return fault(text.error());
  if (base::ascii_lower(*text).starts_with("pl-")) {
    return invalid_value(entry.full_name("Cidr"), wire::shortened(*text),
                         "An entry is a CIDR block: a prefix list cannot hold another; give its blocks instead.");
  }
  auto block = required_cidr_in(entry, "Cidr");
  if (!block) return block;
  if ((block->family() == base::Family::kV4) == (list.address_family == "IPv4")) return block;
  return invalid_value(entry.full_name("Cidr"), *text, "The prefix list holds " + list.address_family + " blocks.");
}

// The elements of a list parameter by their blocks, each block once.
Ec2Result<std::map<Cidr, std::string>> read_entries(const Params& params, std::string_view parameter,
                                                    const PrefixList& list) {
  std::map<Cidr, std::string> entries;
  for (const Params& element : params.structs(parameter)) {
    const auto block = read_block(element, list);
    if (!block) return fault(block.error());
    const auto description = element.text_within("Description", kDescriptionCharacters);
    if (!description) return fault(description.error());
    if (!entries.emplace(*block, description->value_or("")).second) {
      return invalid_value(element.full_name("Cidr"), block->to_string(), "It is given more than once.");
    }
  }
  return entries;
}

std::map<Cidr, std::string> by_block(const PrefixList& list) {
  std::map<Cidr, std::string> entries;
  for (const PrefixListEntry& entry : list.entries)
    entries.emplace(entry.block, entry.description);
  return entries;
}

void set_entries(PrefixList& list, const std::map<Cidr, std::string>& entries) {
  list.entries.clear();
  for (const auto& [block, description] : entries)
    list.entries.push_back({block, description});
}

Ec2Result<Outcome> get_entries(const Context& context) {
  const auto list = requested_prefix_list(context);
  if (!list) return fault(list.error());
  const auto version = context.params.number("TargetVersion", 1, INT64_MAX);
  if (!version) return fault(version.error());
  if (*version && static_cast<std::uint64_t>(**version) != (*list)->version) {
    return invalid_value("TargetVersion", std::to_string(**version),
                         "Only the current version is kept: " + std::to_string((*list)->version) + ".");
  }
  const std::string operation = "GetManagedPrefixListEntries:" + (*list)->id.str();
  const auto page = page_request(context, operation, 1);
  if (!page) return fault(page.error());
  const auto after = page->after.empty() ? base::Result<Cidr>(Cidr{}) : Cidr::parse(page->after);
  if (!after) return fault("InvalidNextToken", "NextToken is not one that this operation gave; begin without it");

  const auto& all = (*list)->entries;
  const auto start =
      page->after.empty() ? all.begin() : std::ranges::upper_bound(all, *after, {}, &PrefixListEntry::block);
  std::vector<PrefixListEntry> shown(start, all.end());
  const bool more = page->limit != 0 && shown.size() > page->limit;
  if (more) shown.resize(page->limit);
  Outcome outcome;
  outcome.answer.set("entrySet", shown, [](Xml& item, const PrefixListEntry& entry) {
    item.text("cidr", entry.block.to_string());
    if (!entry.description.empty()) item.text("description", entry.description);
  });
  if (more) outcome.answer.text("nextToken", next_token(context, operation, shown.back().block.to_string()));
  return outcome;
}

constexpr auto kPrefixListEntryOperations = std::to_array<Entry>({
    {"GetManagedPrefixListEntries", get_entries},
});

}  // namespace

Ec2Result<const PrefixList*> requested_prefix_list(const Context& context) {
  return object_at<PrefixList>(context, context.params, "PrefixListId", "InvalidPrefixListID.NotFound",
                               "prefix list ID");
}

void render_prefix_list(Xml& xml, const Context& context, const PrefixList& list, std::string_view state) {
  const std::string_view settled = list.modified ? "modify-complete" : "create-complete";
  xml.id("prefixListId", list.id).text("addressFamily", list.address_family);
  xml.text("state", state.empty() ? settled : state);
  xml.text("prefixListArn", arn_of(context, "prefix-list", list.id.str())).text("prefixListName", list.name);
  xml.number("maxEntries", list.max_entries).number("version", list.version).tags(list.tags);
  xml.id("ownerId", context.account);
}

Ec2Status add_entries(const Params& params, std::string_view parameter, PrefixList& list) {
  const auto added = read_entries(params, parameter, list);
  if (!added) return fault(added.error());
  auto entries = by_block(list);
  for (const auto& [block, description] : *added) {
    const auto [at, fresh] = entries.emplace(block, description);
    if (!fresh && at->second == description) {
      return fault("InvalidPrefixListModification", "An entry with the CIDR (" + block.to_string() +
                                                        ") and description (" + description + ") already exists.");
    }
    at->second = description;
  }
  set_entries(list, entries);
  return {};
}

Ec2Status remove_entries(const Params& params, PrefixList& list) {
  const auto removed = read_entries(params, "RemoveEntry", list);
  if (!removed) return fault(removed.error());
  auto entries = by_block(list);
  for (const auto& [block, description] : *removed) {
    if (entries.erase(block) != 0) continue;
    return fault("InvalidPrefixListModification",
                 "An entry with the CIDR (" + block.to_string() + ") does not exist in the prefix list.");
  }
  set_entries(list, entries);
  return {};
}

Ec2Status check_entry_count(const PrefixList& list) {
  if (list.entries.size() <= list.max_entries) return {};
  return fault("PrefixListMaxEntriesExceeded", "The prefix list would have " + std::to_string(list.entries.size()) +
                                                   " entries, its MaxEntries is " + std::to_string(list.max_entries) +
                                                   "; raise that first");
}

std::span<const Entry> prefix_list_entry_operations() { return kPrefixListEntryOperations; }

}  // namespace sallyport::api::ec2
