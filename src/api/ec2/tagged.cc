#include "api/ec2/tagged.h"

namespace sallyport::api::ec2 {

namespace {

std::optional<model::Tags> tags_of_rule(const model::Snapshot& world, const std::string& id) {
  for (const auto& [group_id, group] : world.security_groups) {
    for (const auto* rules : {&group->ingress, &group->egress}) {
      for (const model::SecurityGroupRule& rule : *rules) {
        if (rule.id.str() == id) return rule.tags;
      }
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<model::Tags> tags_of_id(const model::Snapshot& world, const std::string& id) {
  if (id.starts_with("sgr-")) return tags_of_rule(world, id);
  std::optional<model::Tags> tags;
  each_tagged_kind(world, [&](const auto& table, const char*) {
    using Id = typename std::remove_cvref_t<decltype(table)>::key_type;
    if (const auto found = table.find(Id(id)); found != table.end()) tags = found->second->tags;
  });
  return tags;
}

}  // namespace sallyport::api::ec2
