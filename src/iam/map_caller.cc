#include "iam/map_caller.h"

#include <array>
#include <utility>

#include "iam/names.h"

namespace sallyport::iam {

namespace {

constexpr std::string_view kStandard = "STANDARD";

tl::unexpected<TokenRefusal> refuse(TokenRefusal refusal) { return tl::unexpected<TokenRefusal>(refusal); }

std::string with_hyphens(std::string text) {
  for (char& c : text) {
    if (c == '@') c = '-';
  }
  return text;
}

// By the id: a user or role of the same name made later is another. Every session of the role that created it, as on
// EKS.
bool is_creator(const model::Cluster& cluster, const Principal& principal) {
  if (principal.is_root) return cluster.creator_id.empty() && cluster.creator == principal.arn;
  const std::string id = principal.user   ? principal.user->str()
                         : principal.role ? principal.role->str()
                                          : std::string();
  return !id.empty() && cluster.creator_id == id;
}

wire::KubernetesUser user_of(std::string username, std::vector<std::string> groups, const CallerNames& names,
                             const Bearer& bearer) {
  const std::string& id = names.principal_id;
  return {.username = std::move(username),
          .uid = "aws-iam-authenticator:" + bearer.principal.account.str() + ":" + id,
          .groups = std::move(groups),
          .extra = {{std::string(kExtraAccessKeyId), bearer.access_key_id},
                    {std::string(kExtraArn), bearer.principal.arn.str()},
                    {std::string(kExtraCanonicalArn), names.canonical_arn.str()},
                    {std::string(kExtraPrincipalId), id},
                    {std::string(kExtraSessionName), names.session},
                    {"sigs.k8s.io/aws-iam-authenticator/principalId", id}}};
}

}  // namespace

CallerNames names_of(const model::IdentityObjects& identities, const Principal& principal) {
  if (!principal.role) return {principal.arn, principal.user_id, {}};
  const auto* role = model::find_in<model::IamRole>(identities, *principal.role);
  return {role == nullptr ? model::Arn() : arn_of(principal.account, *role), principal.role->str(), principal.name};
}

tl::expected<const model::AccessEntry*, TokenRefusal> find_entry(const model::IdentityObjects& identities,
                                                                 const model::ClusterName& cluster,
                                                                 const CallerNames& names,
                                                                 const model::AccountId& account) {
  const auto* entry =
      model::find_in<model::AccessEntry>(identities, model::access_entry_id(cluster, names.canonical_arn));
  if (entry == nullptr) return refuse(TokenRefusal::kNoEntry);
  const bool root = names.canonical_arn == root_principal(account).arn;
  if (entry->principal_id != (root ? std::string() : names.principal_id)) return refuse(TokenRefusal::kOtherEntry);
  if (entry->type != kStandard) return refuse(TokenRefusal::kNodeEntry);
  return entry;
}

std::string username_of(const model::AccessEntry& entry, const CallerNames& names, const model::AccountId& account,
                        std::string_view access_key_id) {
  const std::array<std::pair<std::string_view, std::string>, 4> values = {
      {{"{{AccountID}}", account.str()},
       {"{{SessionName}}", with_hyphens(names.session)},
       {"{{SessionNameRaw}}", names.session},
       {"{{AccessKeyID}}", std::string(access_key_id)}}};
  std::string out;
  std::string_view rest = entry.username;
  while (!rest.empty()) {
    std::size_t taken = 0;
    for (const auto& [name, value] : values) {
      if (!rest.starts_with(name)) continue;
      out += value;
      taken = name.size();
    }
    if (taken == 0) {
      out += rest.front();
      taken = 1;
    }
    rest.remove_prefix(taken);
  }
  return out;
}

tl::expected<wire::KubernetesUser, TokenRefusal> map_caller(const model::Cluster& cluster,
                                                            const model::IdentityObjects& identities,
                                                            const Bearer& bearer) {
  const CallerNames names = names_of(identities, bearer.principal);
  if (cluster.authentication_mode == model::AuthenticationMode::kConfigMap) {
    if (!cluster.bootstrap_creator_admin || !is_creator(cluster, bearer.principal)) {
      return refuse(TokenRefusal::kNoEntry);
    }
    return user_of("kubernetes-admin", {"system:masters"}, names, bearer);
  }
  const auto entry = find_entry(identities, cluster.name, names, bearer.principal.account);
  if (!entry) return refuse(entry.error());
  return user_of(username_of(**entry, names, bearer.principal.account, bearer.access_key_id), (*entry)->groups, names,
                 bearer);
}

}  // namespace sallyport::iam
