#include "api/eks/entry_arn.h"

#include "api/eks/fields.h"

namespace sallyport::api::eks {

namespace {

std::string prefix_of(const model::AccountId& account, const model::Region& region) {
  return "arn:aws:eks:" + region.str() + ":" + account.str() + ":access-entry/";
}

model::Arn arn_of(const std::string& cluster, std::string_view principal, std::string_view uuid,
                  const model::AccountId& account, const model::Region& region) {
  const std::string_view resource = principal.substr(principal.rfind(':') + 1);  // "user/ops/ann", "root"
  const std::string kind(resource.substr(0, resource.find('/')));
  const std::string name(resource.substr(resource.rfind('/') + 1));
  return model::Arn(prefix_of(account, region) + cluster + "/" + kind + "/" + account.str() + "/" + name + "/" +
                    std::string(uuid));
}

}  // namespace

model::Arn access_entry_arn(const model::AccessEntry& entry, const model::AccountId& account,
                            const model::Region& region) {
  return arn_of(entry.cluster.str(), entry.principal.str(), entry.uuid, account, region);
}

model::Arn missing_entry_arn(const std::string& cluster, std::string_view principal, const model::AccountId& account,
                             const model::Region& region) {
  return arn_of(cluster, principal, "*", account, region);
}

std::optional<model::ClusterName> cluster_of_entry_arn(std::string_view arn, const model::AccountId& account,
                                                       const model::Region& region) {
  const std::string prefix = prefix_of(account, region);
  if (!arn.starts_with(prefix)) return std::nullopt;
  const std::string_view rest = arn.substr(prefix.size());
  const std::string_view cluster = rest.substr(0, rest.find('/'));
  if (!is_cluster_name(cluster)) return std::nullopt;
  return model::ClusterName(std::string(cluster));
}

const model::AccessEntry* find_entry_by_arn(const model::IdentityObjects& identities, std::string_view arn,
                                            const model::AccountId& account, const model::Region& region) {
  const auto cluster = cluster_of_entry_arn(arn, account, region);
  if (!cluster) return nullptr;
  for (const model::AccessEntry* entry : model::entries_of(identities, *cluster)) {
    if (access_entry_arn(*entry, account, region).str() == arn) return entry;
  }
  return nullptr;
}

}  // namespace sallyport::api::eks
