#pragma once

#include <string>

#include "api/ec2/fault.h"
#include "api/ec2/xml.h"
#include "model/network.h"

namespace sallyport::api::ec2 {

// "vpc-cidr-assoc-…", the same for the same block of the same VPC for good.
std::string block_association_id(const model::VpcId& vpc, const model::Cidr& block);

// An IPv4 block of a VPC: /16 to /28, else InvalidVpc.Range.
Ec2Status check_vpc_block(const model::Cidr& block);

// cidrBlockAssociationSet and ipv6CidrBlockAssociationSet.
void render_blocks(Xml& xml, const model::Vpc& vpc);

}  // namespace sallyport::api::ec2
