#pragma once

#include <vector>

#include "model/cidr.h"

namespace sallyport::api::ec2 {

// What the configuration says about networks.
struct Ec2Settings {
  std::vector<model::Cidr> elastic_ip_pool;  // IPv4; AllocateAddress takes addresses from it, in order
  model::Cidr default_vpc_block;             // of CreateDefaultVpc; ::/0 for the usual one
};

}  // namespace sallyport::api::ec2
