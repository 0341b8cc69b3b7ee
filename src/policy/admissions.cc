#include "policy/admissions.h"

#include <utility>

#include "policy/decide.h"
#include "policy/reach.h"

namespace sallyport::policy {

namespace {

using model::Cluster;

const model::CidrSet& public_blocks(const Cluster* cluster) {
  static const model::CidrSet none;
  return cluster != nullptr && serves_public(*cluster) ? cluster->access.public_access_cidrs : none;
}

}  // namespace

void Admissions::follow(const model::Snapshot* before, const model::Snapshot& after) {
  using Clusters = decltype(model::Snapshot::clusters);
  static const Clusters none;
  model::BlockUnion::Edit blocks(public_);
  const auto count_private = [&](const Cluster* cluster, bool more) {
    if (cluster == nullptr || !serves_private(*cluster)) return;
    const model::VpcId& vpc = cluster->vpc_config.vpc;
    const auto found = private_clusters_.find(vpc);
    const std::size_t present = found == private_clusters_.end() ? 0 : found->second;
    const std::size_t count = more ? present + 1 : present - 1;
    if (count == 0) {
      private_clusters_.erase(vpc);
    } else {
      private_clusters_[vpc] = count;
    }
  };
  Clusters::differences(before == nullptr ? none : before->clusters, after.clusters,
                        [&](const Clusters::value_type* was, const Clusters::value_type* is) {
                          const Cluster* old = was == nullptr ? nullptr : was->second.get();
                          const Cluster* now = is == nullptr ? nullptr : is->second.get();
                          blocks.add(public_blocks(now).without(public_blocks(old)));
                          blocks.remove(public_blocks(old).without(public_blocks(now)));
                          count_private(now, true);
                          count_private(old, false);
                        });
}

model::BlockUnion Admissions::at_private(const model::Snapshot& followed, const model::VpcId& id) const {
  model::BlockUnion blocks;
  const model::Vpc* vpc = followed.find_vpc(id);
  if (vpc != nullptr && any_at_private(id)) model::BlockUnion::Edit(blocks).add(reachable_blocks(*vpc));
  return blocks;
}

}  // namespace sallyport::policy
