#include "policy/reach.h"

namespace sallyport::policy {

Reach reach(const model::Vpc& vpc, const base::IpAddress& source) {
  if (vpc.contains(source)) return Reach::kWithin;
  return vpc.connected_blocks.contains(source) ? Reach::kConnected : Reach::kNone;
}

std::vector<model::Cidr> reachable_blocks(const model::Vpc& vpc) {
  std::vector<model::Cidr> blocks = vpc.cidr_blocks;
  const auto& connected = vpc.connected_blocks.entries();
  blocks.insert(blocks.end(), connected.begin(), connected.end());
  return blocks;
}

std::vector<model::VpcId> vpcs_containing(const model::Snapshot& snapshot, const base::IpAddress& address) {
  std::vector<model::VpcId> found;
  for (const auto& [id, vpc] : snapshot.vpcs) {
    if (vpc->contains(address)) found.push_back(id);
  }
  return found;
}

}  // namespace sallyport::policy
