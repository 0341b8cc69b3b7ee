#pragma once

#include <string>
#include <string_view>

#include "base/entropy.h"
#include "model/identity.h"
#include "model/ids.h"

// Names of identities as AWS forms them (IAM User Guide, "IAM identifiers").
namespace sallyport::iam {

model::Arn arn_of(const model::AccountId& account, const model::IamUser& user);
model::Arn arn_of(const model::AccountId& account, const model::IamRole& role);
model::Arn arn_of(const model::AccountId& account, const model::IamPolicy& policy);
model::Arn session_arn(const model::AccountId& account, const model::IamRole& role, std::string_view session);

// `prefix` ("AIDA") and 17 upper-case letters or digits.
std::string new_unique_id(std::string_view prefix, base::Entropy& entropy);

// Letters, digits and +=,.@_- , at most `longest`: what names of users, roles, policies and sessions are made of.
bool is_name(std::string_view text, std::size_t longest);
// "/" or "/…/" of printable ASCII without blanks, at most 512.
bool is_path(std::string_view text);

}  // namespace sallyport::iam
