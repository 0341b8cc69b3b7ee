#include "base/result.h"

namespace sallyport::base {

std::string_view to_string(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::kInvalidParameter: return "invalid parameter";
    case ErrorKind::kInvalidRequest: return "invalid request";
    case ErrorKind::kNotFound: return "not found";
    case ErrorKind::kInUse: return "in use";
    case ErrorKind::kLimitExceeded: return "limit exceeded";
    case ErrorKind::kUnauthenticated: return "unauthenticated";
    case ErrorKind::kAccessDenied: return "access denied";
    case ErrorKind::kUnavailable: return "unavailable";
    case ErrorKind::kConflict: return "conflict";
    case ErrorKind::kCorrupt: return "corrupt";
    case ErrorKind::kInternal: return "internal error";
  }
  return "unknown error";
}

}  // namespace sallyport::base
