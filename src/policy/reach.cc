#include "policy/reach.h"

namespace sallyport::policy {

Reach reach(const model::Snapshot& /*snapshot*/, const model::Vpc& vpc, const base::IpAddress& source) {
  return vpc.contains(source) ? Reach::kWithin : Reach::kNone;
}

std::vector<model::Cidr> reachable_blocks(const model::Snapshot& /*snapshot*/, const model::Vpc& vpc) {
  return vpc.cidr_blocks;
}

}  // namespace sallyport::policy
