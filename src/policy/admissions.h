#pragma once

#include <cstddef>

#include "base/shared_map.h"
#include "model/block_union.h"
#include "model/snapshot.h"

namespace sallyport::policy {

// What admitted_anywhere says of every arrival, kept from snapshot to snapshot at the cost of what changed. A value
// whose copies share what they have in common; safe to read from any thread.
class Admissions {
 public:
  // From `before`, the snapshot it followed last, to `after`. Null before the first.
  void follow(const model::Snapshot* before, const model::Snapshot& after);

  // Sources that some cluster admits at public listeners.
  const model::BlockUnion& at_public() const { return public_; }
  // Sources that some cluster may admit at private listeners of the VPC. Costs what is connected to the VPC.
  model::BlockUnion at_private(const model::Snapshot& followed, const model::VpcId& vpc) const;
  // Whether any cluster of the VPC admits anybody there.
  bool any_at_private(const model::VpcId& vpc) const { return private_clusters_.contains(vpc); }

 private:
  model::BlockUnion public_;
  base::SharedMap<model::VpcId, std::size_t> private_clusters_;
};

}  // namespace sallyport::policy
