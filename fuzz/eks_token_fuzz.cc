// Any bytes as a token, and as the URL in one. A token signed with a secret that was never used is never accepted, and
// one that is read says what it says in the one spelling there is.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "wire/eks_token.h"

namespace {

void check(std::string_view text) {
  namespace wire = sallyport::wire;
  const auto token = wire::read_eks_token(text);
  if (!token) return;
  if (token->host.empty() || !token->target.starts_with("/?")) std::abort();
  const std::string again = wire::write_eks_token(token->scheme + "://" + token->host + token->target);
  if (!wire::read_eks_token(again)) std::abort();
  constexpr std::string_view kNeverUsed = "a secret no input was signed with";
  const auto& stated = token->authorization;
  if (wire::verify_eks_token(*token, "demo", kNeverUsed, stated.region, stated.signed_at)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = sallyport::base::as_text({data, size});
  check(input);
  check(sallyport::wire::write_eks_token(input));
  return 0;
}
