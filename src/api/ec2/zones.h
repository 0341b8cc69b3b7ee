#pragma once

#include <string>
#include <vector>

#include "api/ec2/operation.h"
#include "model/ids.h"

namespace sallyport::api::ec2 {

struct Zone {
  std::string name;  // "us-east-1a"
  std::string id;    // "use1-az1"
};

// A region's availability zones: a, b and c.
std::vector<Zone> zones_of(const model::Region& region);
// Empty for a zone the region does not have.
std::string zone_id(const model::Region& region, const std::string& name);

// What AvailabilityZone or AvailabilityZoneId ask for; nothing where neither is given, InvalidParameterValue for a zone
// the region does not have, InvalidParameterCombination for two different ones.
Ec2Result<std::optional<Zone>> zone_asked(const Context& context);

}  // namespace sallyport::api::ec2
