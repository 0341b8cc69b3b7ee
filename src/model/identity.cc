#include "model/identity.h"

namespace sallyport::model {

std::vector<const AccessEntry*> entries_of(const IdentityObjects& objects, const ClusterName& cluster) {
  // No cluster's name has a slash, so nothing of another's begins like this.
  const std::string prefix = cluster.str() + "/";
  const auto& table = all_of<AccessEntry>(objects);
  std::vector<const AccessEntry*> found;
  for (auto at = table.lower_bound(AccessEntryId(prefix)); at != table.end(); ++at) {
    if (!at->first.str().starts_with(prefix)) break;
    found.push_back(at->second.get());
  }
  return found;
}

}  // namespace sallyport::model
