#include "api/identity/documents.h"

#include <algorithm>

#include "base/limits.h"
#include "wire/uri.h"

namespace sallyport::api::identity {

IamResult<std::string> document_in(const QueryParams& params, std::string_view parameter, iam::PolicyKind kind) {
  auto document = params.required(parameter);
  if (!document) return document;
  const auto policy = iam::parse_policy(*document, kind);
  if (policy) return document;
  if (policy.error().kind == base::ErrorKind::kLimitExceeded) {
    return limit_exceeded("PolicySize", base::limits::kPolicyBytes, policy.error().message);
  }
  return fault("MalformedPolicyDocument", policy.error().message);
}

void render_document(Xml& xml, std::string_view name, std::string_view document) {
  xml.text(name, wire::percent_encode(document));
}

std::size_t counted_characters(std::string_view document) {
  return static_cast<std::size_t>(std::ranges::count_if(
      document, [](char c) { return std::string_view(" \t\r\n").find(c) == std::string_view::npos; }));
}

}  // namespace sallyport::api::identity
