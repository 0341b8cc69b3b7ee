#pragma once

#include <string>

namespace sallyport::api::audit {

// What came of a call, as the metrics tell it.
enum class Result { kAllowed, kFailed, kDenied, kUnauthenticated };

// One record, ready to be kept.
struct Entry {
  std::string line;  // JSON, with the line break that ends it
  Result result = Result::kAllowed;
  bool change = false;  // of state, and made: to be on disk before the caller hears of it
};

// Where the records of API calls go. Thread-safe.
class AuditLog {
 public:
  virtual ~AuditLog() = default;
  // Whether records can be kept now. While they cannot, no change may be made. Asking is a try to mend it.
  virtual bool ready() = 0;
  // Keeps the record before it returns, or else as soon as that is possible again.
  virtual void record(Entry entry) = 0;
};

}  // namespace sallyport::api::audit
