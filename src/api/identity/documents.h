#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "api/identity/operation.h"
#include "iam/policy_parse.h"

namespace sallyport::api::identity {

// The policy document in `parameter`, which must parse: else MalformedPolicyDocument saying where and why.
IamResult<std::string> document_in(const QueryParams& params, std::string_view parameter, iam::PolicyKind kind);

// As IAM answers documents: percent-encoded (RFC 3986).
void render_document(Xml& xml, std::string_view name, std::string_view document);

// What IAM counts of a document: all but white space.
std::size_t counted_characters(std::string_view document);

}  // namespace sallyport::api::identity
