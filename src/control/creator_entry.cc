#include "control/creator_entry.h"

#include "iam/entry_principal.h"
#include "iam/entry_rules.h"

namespace sallyport::control {

std::optional<model::AccessEntry> creator_entry(const model::Cluster& cluster, const model::IdentityObjects& identities,
                                                const PlanContext& context) {
  const model::AccountId& account = context.settings.account;
  const auto creator = iam::entry_principal_of_id(identities, account, cluster.creator_id);
  if (!creator) return std::nullopt;
  // No id means root, and nobody else may pass for it.
  if (creator->kind == iam::EntryPrincipal::Kind::kRoot && cluster.creator != creator->arn) return std::nullopt;
  if (model::find_in<model::AccessEntry>(identities, model::access_entry_id(cluster.name, creator->arn)) != nullptr) {
    return std::nullopt;
  }
  return iam::creator_access_entry(cluster.name, *creator, account, base::random_uuid(context.entropy), context.now);
}

}  // namespace sallyport::control
