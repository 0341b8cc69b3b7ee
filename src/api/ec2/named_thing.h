#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/snapshot.h"

namespace sallyport::api::ec2 {

// The id of what a request names otherwise than by its id: GroupName (of the default VPC), PublicIp, AssociationId (of
// an Elastic IP or a VPC's block). Nothing for other parameters and for what there is none of. Pure; any thread.
std::optional<std::string> id_of_named(const model::Snapshot& world, std::string_view parameter,
                                       const std::string& value);

}  // namespace sallyport::api::ec2
