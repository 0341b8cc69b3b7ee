#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "iam/credentials.h"
#include "iam/token_refusal.h"
#include "iam/token_verify.h"
#include "model/cluster.h"
#include "model/identity.h"
#include "wire/token_review.h"

// Who a verified caller is inside a cluster, by its access entries. Pure.
namespace sallyport::iam {

// Names in `extra`, as EKS has them.
inline constexpr std::string_view kExtraArn = "arn";
inline constexpr std::string_view kExtraCanonicalArn = "canonicalArn";
inline constexpr std::string_view kExtraPrincipalId = "principalId";
inline constexpr std::string_view kExtraSessionName = "sessionName";
inline constexpr std::string_view kExtraAccessKeyId = "accessKeyId";

// What a caller is known by: a session by its role.
struct CallerNames {
  model::Arn canonical_arn;  // of root, a user or a role
  std::string principal_id;  // "AIDA…", "AROA…"; the account for root
  std::string session;       // empty but for sessions
};
CallerNames names_of(const model::IdentityObjects& identities, const Principal& principal);

// The entry of that principal: not one made for an earlier principal of the same name.
tl::expected<const model::AccessEntry*, TokenRefusal> find_entry(const model::IdentityObjects& identities,
                                                                 const model::ClusterName& cluster,
                                                                 const CallerNames& names,
                                                                 const model::AccountId& account);

// An entry's username with {{AccountID}}, {{SessionName}} ('@' as '-'), {{SessionNameRaw}} and {{AccessKeyID}} filled
// in; other braces stay.
std::string username_of(const model::AccessEntry& entry, const CallerNames& names, const model::AccountId& account,
                        std::string_view access_key_id);

// In the modes API and API_AND_CONFIG_MAP by the caller's entry. In CONFIG_MAP the cluster's creator alone, where it
// was made administrator: others are the aws-auth ConfigMap's, which is not read.
tl::expected<wire::KubernetesUser, TokenRefusal> map_caller(const model::Cluster& cluster,
                                                            const model::IdentityObjects& identities,
                                                            const Bearer& bearer);

}  // namespace sallyport::iam
