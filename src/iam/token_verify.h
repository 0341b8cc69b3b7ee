#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "base/time.h"
#include "iam/credentials.h"
#include "iam/token_hosts.h"
#include "iam/token_refusal.h"
#include "model/ids.h"

namespace sallyport::iam {

struct TokenRules {
  const model::ClusterName& cluster;
  const model::Region& region;
  const TokenHosts& hosts;
  base::Time now{};
  // As iam::find_key, for the identities of now.
  std::function<std::optional<AccessKey>(const std::string& id, const std::optional<std::string>& token)> find_key;
};

// Who bears a token.
struct Bearer {
  Principal principal;
  std::string access_key_id;
};

// Establishes who signed a token of `aws eks get-token` for this cluster. The same rules as aws-iam-authenticator's
// verifier, with the signature checked here instead of by STS (docs/adr/0025-webhooks.md). Pure but for find_key.
tl::expected<Bearer, TokenRefusal> verify_token(std::string_view token, const TokenRules& rules);

}  // namespace sallyport::iam
