#include "api/ec2/describe.h"

#include "api/page_token.h"

namespace sallyport::api::ec2 {

namespace {
constexpr std::int64_t kMost = 1'000;
}  // namespace

Ec2Result<PageRequest> page_request(const Context& context, std::string_view operation, std::int64_t fewest) {
  PageRequest page;
  const auto limit = context.params.number("MaxResults", fewest, kMost);
  if (!limit) return fault(limit.error());
  page.limit = static_cast<std::size_t>(limit->value_or(0));
  if (const auto token = context.params.text("NextToken")) {
    const auto position = open_page_token(context.token_key, std::string("ec2:") + std::string(operation), *token);
    if (!position) return fault("InvalidNextToken", "NextToken is not one that this operation gave; begin without it");
    page.after = *position;
  }
  return page;
}

std::string next_token(const Context& context, std::string_view operation, const std::string& last_id) {
  return seal_page_token(context.token_key, std::string("ec2:") + std::string(operation), last_id);
}

}  // namespace sallyport::api::ec2
