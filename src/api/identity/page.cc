#include "api/identity/page.h"

#include <cstdint>

#include "api/page_token.h"

namespace sallyport::api::identity {

namespace {

constexpr std::int64_t kMost = 1'000;
constexpr std::int64_t kUsual = 100;

std::string purpose(std::string_view operation) { return "iam:" + std::string(operation); }

}  // namespace

IamResult<Page> page_asked(const Context& context, std::string_view operation) {
  const auto limit = context.params.number("MaxItems", 1, kMost);
  if (!limit) return fault(limit.error());
  Page page{.after = {}, .limit = static_cast<std::size_t>(limit->value_or(kUsual))};
  if (const auto marker = context.params.text("Marker")) {
    auto position = open_page_token(context.token_key, purpose(operation), *marker);
    if (!position) return context.params.invalid("Marker", *marker, "This operation gave no such one; begin without.");
    page.after = *std::move(position);
  }
  return page;
}

void render_end(Xml& xml, const Context& context, std::string_view operation, bool more, const std::string& last) {
  xml.flag("IsTruncated", more);
  if (more) xml.text("Marker", seal_page_token(context.token_key, purpose(operation), last));
}

}  // namespace sallyport::api::identity
