#pragma once

#include <string_view>

#include "api/ec2/operation.h"
#include "model/network_objects.h"

// Customer-managed prefix lists and their entries, read from requests and told in answers.
namespace sallyport::api::ec2 {

// The list that PrefixListId names; InvalidPrefixListID.NotFound.
Ec2Result<const model::PrefixList*> requested_prefix_list(const Context& context);

// The inside of a ManagedPrefixList; `state` as EC2 calls it, empty for what it follows from.
void render_prefix_list(Xml& xml, const Context& context, const model::PrefixList& list, std::string_view state = {});

// Puts the elements of `parameter` ("Entry", "AddEntry") into the list. A block it has gets the new description;
// InvalidPrefixListModification where that changes nothing. Blocks are of the list's family, without host bits; an
// entry that names another list is refused, so lists never form a cycle.
Ec2Status add_entries(const Params& params, std::string_view parameter, model::PrefixList& list);
// Takes out those of RemoveEntry.N; InvalidPrefixListModification for one it does not have.
Ec2Status remove_entries(const Params& params, model::PrefixList& list);
// PrefixListMaxEntriesExceeded.
Ec2Status check_entry_count(const model::PrefixList& list);

}  // namespace sallyport::api::ec2
