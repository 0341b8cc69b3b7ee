// Any bytes as the body of a TokenReview and of a SubjectAccessReview: a review or a refusal with a message, never a
// crash; and the answers to what was read are JSON.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "iam/access_rules.h"
#include "iam/entry_policies.h"
#include "iam/review_access.h"
#include "model/cluster.h"
#include "wire/access_review.h"
#include "wire/json_parse.h"
#include "wire/token_review.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace wire = sallyport::wire;
  namespace iam = sallyport::iam;
  namespace model = sallyport::model;
  const auto input = sallyport::base::as_text({data, size});
  const auto tokens = wire::parse_token_review(input);
  if (!tokens && tokens.error().message.empty()) std::abort();
  if (tokens && !wire::parse_json(wire::render_token_review(tokens->api_version, {tokens->token, "", {}, {}}))) {
    std::abort();
  }
  const auto access = wire::parse_access_review(input);
  if (!access && access.error().message.empty()) std::abort();
  if (!access) return 0;
  if (!wire::parse_json(wire::render_access_review(access->api_version, false, access->user))) std::abort();
  // Nobody has an entry, so nothing may be allowed; every rule is still asked.
  const auto verdict = iam::review_access(model::Cluster(), {}, model::AccountId("000000000000"), *access);
  if (verdict.outcome == iam::AccessOutcome::kAllowed) std::abort();
  for (const auto name : iam::entry_policy_names()) {
    const model::Arn policy = iam::entry_policy_arn(name);
    const bool in_namespace =
        iam::policy_allows({.policy = policy, .scope = {.whole_cluster = false, .namespaces = {"*"}}}, *access);
    if (in_namespace && !iam::policy_allows({.policy = policy}, *access)) std::abort();
  }
  return 0;
}
