#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "api/fault.h"

// IAM's error codes: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and each operation's own.
namespace sallyport::api::identity {

template <class T>
using IamResult = Checked<T>;
using IamStatus = IamResult<void>;

// "The user with name ann cannot be found."
tl::unexpected<Fault> no_such_entity(std::string_view noun, std::string_view name);
tl::unexpected<Fault> already_exists(std::string_view noun, std::string_view name);
tl::unexpected<Fault> delete_conflict(std::string message);
// `quota` as AWS calls it: "UsersPerAccount".
tl::unexpected<Fault> limit_exceeded(std::string_view quota, std::size_t limit, std::string_view remedy);
tl::unexpected<Fault> unmodifiable(std::string_view arn);

}  // namespace sallyport::api::identity
