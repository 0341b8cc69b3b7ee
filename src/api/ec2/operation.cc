#include "api/ec2/operation.h"

#include <algorithm>
#include <array>

#include "wire/json_value.h"

namespace sallyport::api::ec2 {

const Entry* find_operation(std::string_view name) {
  for (const std::span<const Entry> entries : {
           vpc_operations(),
           vpc_block_operations(),
           dhcp_options_operations(),
           security_group_operations(),
           rule_operations(),
           rule_change_operations(),
           prefix_list_operations(),
           prefix_list_entry_operations(),
           tag_operations(),
           tag_describe_operations(),
           subnet_operations(),
           zone_operations(),
           account_operations(),
           interface_operations(),
           interface_address_operations(),
           interface_describe_operations(),
           elastic_ip_operations(),
           elastic_ip_association_operations(),
           nat_gateway_operations(),
           empty_set_operations(),
           peering_operations(),
           transit_gateway_operations(),
           transit_attachment_operations(),
           transit_route_operations(),
           transit_route_table_operations(),
           customer_gateway_operations(),
           vpn_gateway_operations(),
           vpn_connection_operations(),
           vpn_route_operations(),
       }) {
    const auto found = std::ranges::find(entries, name, &Entry::name);
    if (found != entries.end()) return &*found;
  }
  return nullptr;
}

Ec2Result<Outcome> run(const Entry& entry, const Context& context) {
  const auto dry_run = context.params.boolean("DryRun");
  if (!dry_run) return fault(dry_run.error());
  auto outcome = entry.run(context);
  if (!outcome) return outcome;
  if (const auto name = context.params.unknown()) {
    return fault("UnknownParameter", "The parameter " + wire::shortened(*name) + " is not recognized");
  }
  if (dry_run->value_or(false)) {
    return fault(Fault{"DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412});
  }
  return outcome;
}

Outcome done() {
  Outcome outcome;
  outcome.answer.flag("return", true);
  return outcome;
}

}  // namespace sallyport::api::ec2
