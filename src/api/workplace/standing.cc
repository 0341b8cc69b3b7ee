#include "api/workplace/standing.h"

#include <utility>

#include "api/asked.h"
#include "api/authorise.h"
#include "iam/session.h"

namespace sallyport::api::workplace {

std::optional<Standing> standing_of(const Pass& pass, const Register& now) {
  const auto cluster = now.control.describe_cluster(pass.cluster);
  if (!cluster && cluster.error().kind == base::ErrorKind::kNotFound) return Standing::kClusterGone;
  if (!cluster) return std::nullopt;
  Standing standing = Standing::kKeyGone;
  now.control.read_identities([&](const model::IdentityObjects& identities) {
    auto key = iam::find_session_key(now.credentials, identities, now.sealer, now.account, pass.minted_key_id,
                                     pass.session_token, now.clock.now());
    if (!key) return;
    // As the caller signed: policies may tell lasting keys from temporary ones, which those in the shell always are.
    key->principal.temporary = pass.principal.temporary;
    const Asked asked =
        asked_of("sallyport", "OpenWorkplace", pass.request,
                 {.account = now.account,
                  .region = now.region,
                  .now = now.clock.now(),
                  .identities = identities,
                  .principal = key->principal,
                  .cluster_tags = [&](const std::string&) { return std::optional<model::Tags>(cluster->tags); }});
    standing = authorise(identities, key->principal, asked) ? Standing::kGood : Standing::kNotAllowed;
  });
  return standing;
}

}  // namespace sallyport::api::workplace
