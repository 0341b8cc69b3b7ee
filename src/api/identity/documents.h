#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "api/identity/operation.h"
#include "base/limits.h"
#include "iam/policy_parse.h"

namespace sallyport::api::identity {

// How long documents of a sort may be, white space aside, and what AWS calls that quota.
struct DocumentLimit {
  std::string_view quota;
  std::size_t characters = 0;
};
inline constexpr DocumentLimit kManagedPolicyLimit{"PolicySize", base::limits::kManagedPolicyCharacters};
inline constexpr DocumentLimit kTrustPolicyLimit{"ACLSizePerRole", base::limits::kTrustPolicyCharacters};

// The policy document in `parameter`, which must parse: else MalformedPolicyDocument saying where and why.
// LimitExceeded past limits::kPolicyBytes, and past `limit` where one is given; inline documents are counted together
// elsewhere.
IamResult<std::string> document_in(const QueryParams& params, std::string_view parameter, iam::PolicyKind kind,
                                   const std::optional<DocumentLimit>& limit = std::nullopt);

// As IAM answers documents: percent-encoded (RFC 3986).
void render_document(Xml& xml, std::string_view name, std::string_view document);

// What IAM counts of a document: all but white space.
std::size_t counted_characters(std::string_view document);

}  // namespace sallyport::api::identity
