// Any bytes as an IAM policy document of an identity and of a role's trust: statements or a refusal with a message.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "base/bytes.h"
#include "iam/policy_parse.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace iam = sallyport::iam;
  const auto input = sallyport::base::as_text({data, size});
  for (const auto kind : {iam::PolicyKind::kIdentity, iam::PolicyKind::kTrust}) {
    const auto policy = iam::parse_policy(input, kind);
    if (!policy && policy.error().message.empty()) std::abort();
  }
  return 0;
}
