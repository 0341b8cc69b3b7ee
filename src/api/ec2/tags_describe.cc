#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "api/ec2/describe.h"
#include "api/ec2/operation.h"
#include "api/ec2/security_group_rules.h"
#include "api/ec2/tagged.h"

namespace sallyport::api::ec2 {

namespace {

struct TagRow {
  std::string resource;
  std::string type;
  std::string key;
  std::string value;
  std::string position() const { return resource + "\n" + key; }
};

// The tags of one resource that pass the filters.
void add_rows(const std::string& resource, const std::string& type, const model::Tags& tags, const Filters& filters,
              std::vector<TagRow>& rows) {
  for (const auto& [key, value] : tags) {
    if (!filters.empty()) {
      Facts facts{{"key", key}, {"resource-id", resource}, {"resource-type", type}, {"value", value}};
      add_tags(facts, {{key, value}});
      if (!filters.match(facts)) continue;
    }
    rows.push_back({resource, type, key, value});
  }
}

std::vector<TagRow> rows_of(const model::Snapshot& world, const Filters& filters) {
  std::vector<TagRow> rows;
  each_tagged_kind(world, [&](const auto& table, const char* type) {
    for (const auto& [id, resource] : table)
      add_rows(id.str(), type, resource->tags, filters, rows);
  });
  for (const auto& [id, group] : world.security_groups) {
    for (const auto* rules : {&group->ingress, &group->egress}) {
      for (const model::SecurityGroupRule& rule : *rules)
        add_rows(rule.id.str(), "security-group-rule", rule.tags, filters, rows);
    }
  }
  std::ranges::sort(rows, {}, &TagRow::position);
  return rows;
}

Ec2Result<Outcome> describe_tags(const Context& context) {
  const auto filters = Filters::parse(context.params, {"key", "resource-id", "resource-type", "tag", "value"});
  if (!filters) return fault(filters.error());
  const auto page = page_request(context, "DescribeTags");
  if (!page) return fault(page.error());
  std::vector<TagRow> rows = rows_of(context.world, *filters);
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

constexpr auto kTagDescribeOperations = std::to_array<Entry>({{"DescribeTags", describe_tags}});

}  // namespace

std::span<const Entry> tag_describe_operations() { return kTagDescribeOperations; }

}  // namespace sallyport::api::ec2
