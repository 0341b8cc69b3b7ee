#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <tl/expected.hpp>

namespace sallyport::base {

// What went wrong, by the way a caller must react. The API maps each kind to one error of the
// service at hand; nothing below the API knows AWS error names.
enum class ErrorKind {
  kInvalidParameter,  // a value the caller gave is wrong; mending the value cures it
  kInvalidRequest,    // the request is well formed but not allowed in the present state
  kNotFound,          // the named thing does not exist
  kInUse,             // another change is in flight, or the name is taken
  kLimitExceeded,     // a limit of base/limits.h was reached
  kUnauthenticated,   // who calls could not be established
  kAccessDenied,      // who calls is known and may not
  kUnavailable,       // try again later; nothing was changed
  kConflict,          // an optimistic commit lost a race; re-read and retry
  kCorrupt,           // stored or received bytes do not decode
  kInternal,          // a defect or a failing system call
};

// An error as a value: `message` names the field, the offending value and the remedy, and is fit to
// show to a user; `field` is the field alone, empty where there is none. Holds no secret.
struct Error {
  ErrorKind kind = ErrorKind::kInternal;
  std::string message;
  std::string field;

  friend bool operator==(const Error&, const Error&) = default;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

inline tl::unexpected<Error> fail(ErrorKind kind, std::string message, std::string field = {}) {
  return tl::unexpected<Error>(Error{kind, std::move(message), std::move(field)});
}

inline tl::unexpected<Error> fail(Error error) { return tl::unexpected<Error>(std::move(error)); }

std::string_view to_string(ErrorKind kind);

}  // namespace sallyport::base
