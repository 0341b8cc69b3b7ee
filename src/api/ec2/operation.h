#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/ec2/deleted_connections.h"
#include "api/ec2/fault.h"
#include "api/ec2/params.h"
#include "api/ec2/xml.h"
#include "base/entropy.h"
#include "base/time.h"
#include "model/cidr.h"
#include "model/ids.h"
#include "model/snapshot.h"
#include "store/store.h"

namespace sallyport::api::ec2 {

// What an operation may look at. Everything it decides follows from these.
struct Context {
  const model::Snapshot& world;
  const Params& params;
  const model::AccountId& account;
  base::Time now{};
  base::Entropy& entropy;
  std::string_view token_key;  // signs NextToken
  const DeletedConnections& deleted_connections;
  std::span<const model::Cidr> elastic_ip_pool = {};  // where AllocateAddress takes addresses from
  model::Cidr default_vpc_block = {};                 // of CreateDefaultVpc; ::/0 for the usual one
};

// What it comes to: the answer, and the change to commit with it.
struct Outcome {
  Xml answer{kXmlNames};
  std::vector<store::Entity> puts;
  std::vector<store::EntityId> erases;
  std::vector<model::VpnConnection> deleted_connections;  // of the erases, to be remembered
};

// Pure but for entropy; called again when a commit lost a race. Refuses before it changes anything.
using Operation = Ec2Result<Outcome> (*)(const Context&);

struct Entry {
  std::string_view name;  // "CreateVpc"
  Operation run = nullptr;
  bool writes = false;
};

// Each resource's operations stand in the file of its name.
std::span<const Entry> vpc_operations();
std::span<const Entry> vpc_block_operations();
std::span<const Entry> dhcp_options_operations();
std::span<const Entry> security_group_operations();
std::span<const Entry> rule_operations();
std::span<const Entry> rule_change_operations();
std::span<const Entry> prefix_list_operations();
std::span<const Entry> prefix_list_entry_operations();
std::span<const Entry> tag_operations();
std::span<const Entry> tag_describe_operations();
std::span<const Entry> subnet_operations();
std::span<const Entry> zone_operations();
std::span<const Entry> account_operations();
std::span<const Entry> interface_operations();
std::span<const Entry> interface_address_operations();
std::span<const Entry> interface_describe_operations();
std::span<const Entry> elastic_ip_operations();
std::span<const Entry> elastic_ip_association_operations();
std::span<const Entry> nat_gateway_operations();
std::span<const Entry> empty_set_operations();
std::span<const Entry> peering_operations();
std::span<const Entry> transit_gateway_operations();
std::span<const Entry> transit_attachment_operations();
std::span<const Entry> transit_route_operations();
std::span<const Entry> transit_route_table_operations();
std::span<const Entry> customer_gateway_operations();
std::span<const Entry> vpn_gateway_operations();
std::span<const Entry> vpn_connection_operations();
std::span<const Entry> vpn_route_operations();

// The operation of that name, or null.
const Entry* find_operation(std::string_view name);

// Runs it, and refuses what no operation allows: a parameter that it did not ask for. DryRun ends here.
Ec2Result<Outcome> run(const Entry& entry, const Context& context);

// The answer of operations that only say it is done.
Outcome done();

}  // namespace sallyport::api::ec2
