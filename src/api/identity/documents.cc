#include "api/identity/documents.h"

#include <algorithm>

#include "wire/uri.h"

namespace sallyport::api::identity {

IamResult<std::string> document_in(const QueryParams& params, std::string_view parameter, iam::PolicyKind kind,
                                   const std::optional<DocumentLimit>& limit) {
  auto document = params.required(parameter);
  if (!document) return document;
  if (const std::size_t counted = counted_characters(*document); limit && counted > limit->characters) {
    return limit_exceeded(limit->quota, limit->characters,
                          std::string(parameter) + " has " + std::to_string(counted) +
                              " characters, white space aside; shorten it, with * for what begins alike");
  }
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
