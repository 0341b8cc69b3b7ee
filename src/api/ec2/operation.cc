#include "api/ec2/operation.h"

#include <algorithm>
#include <array>

namespace sallyport::api::ec2 {

const Entry* find_operation(std::string_view name) {
  for (const std::span<const Entry> entries : {
           vpc_operations(),
           vpc_block_operations(),
           dhcp_options_operations(),
           tag_operations(),
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

Outcome done() {
  Outcome outcome;
  outcome.answer.flag("return", true);
  return outcome;
}

}  // namespace sallyport::api::ec2
