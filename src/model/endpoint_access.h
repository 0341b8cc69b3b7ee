#pragma once

#include "model/cidr_set.h"

namespace sallyport::model {

// Who may reach a cluster's endpoint, and how: the whole of what `update-cluster-config
// --resources-vpc-config` can change about access. Both flags false never leaves the API.
struct EndpointAccess {
  bool public_access = true;
  bool private_access = false;
  CidrSet public_access_cidrs;  // sources the public listener admits; kept, unused, while public is off

  friend bool operator==(const EndpointAccess&, const EndpointAccess&) = default;
};

}  // namespace sallyport::model
