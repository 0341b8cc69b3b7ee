#pragma once

#include <cstdlib>
#include <string_view>

namespace sallyport::base {

// Whether this machine promises all that the tests need (CI=true), so that what is missing is a failure and no reason
// to skip: a skip there would let a broken kernel filter or DNS answer land unseen.
inline bool test_machine_is_complete() {
  const char* value = std::getenv("CI");  // NOLINT(concurrency-mt-unsafe)
  return value != nullptr && std::string_view(value) == "true";
}

}  // namespace sallyport::base
