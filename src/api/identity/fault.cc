#include "api/identity/fault.h"

#include <cstddef>
#include <utility>

#include "wire/json_value.h"

namespace sallyport::api::identity {

namespace {

constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr std::size_t kArnBytes = 256;  // of an ARN in a message

tl::unexpected<Fault> refused(std::string code, int status, std::string message) {
  return fault(Fault{std::move(code), std::move(message), status});
}

}  // namespace

tl::unexpected<Fault> no_such_entity(std::string_view noun, std::string_view name) {
  return refused("NoSuchEntity", kNotFound,
                 "The " + std::string(noun) + " with name " + wire::shortened(name) + " cannot be found.");
}

tl::unexpected<Fault> already_exists(std::string_view noun, std::string_view name) {
  return refused("EntityAlreadyExists", kConflict,
                 "The " + std::string(noun) + " with name " + wire::shortened(name) +
                     " already exists; names do not differ by case alone.");
}

tl::unexpected<Fault> delete_conflict(std::string message) {
  return refused("DeleteConflict", kConflict, std::move(message));
}

tl::unexpected<Fault> limit_exceeded(std::string_view quota, std::size_t limit, std::string_view remedy) {
  return refused("LimitExceeded", kConflict,
                 "Cannot exceed quota for " + std::string(quota) + ": " + std::to_string(limit) + "; " +
                     std::string(remedy) + ".");
}

tl::unexpected<Fault> unmodifiable(std::string_view arn) {
  return fault("UnmodifiableEntity", "The policy " + wire::shortened(arn, kArnBytes) +
                                         " is one of the built-in ones, which cannot be changed; make one of your "
                                         "own with CreatePolicy.");
}

}  // namespace sallyport::api::identity
