#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "base/result.h"
#include "base/time.h"

namespace sallyport::app {

struct AuditQuery {
  std::size_t limit = 20;             // at most limits::kAuditShown
  std::optional<base::Time> since{};  // records from then on
};

struct AuditPage {
  std::vector<boost::json::object> records;  // newest first
  std::size_t damaged = 0;                   // lines that are no record
};

// The newest records of an audit folder, those of unauthenticated calls among them; reads no more of the files, from
// their ends, than it takes. Beside a running Sallyport or without one. kNotFound when there is no such folder.
base::Result<AuditPage> newest_records(const std::string& folder, const AuditQuery& query);

// "2026-11-24T14:30:00Z", "2026-11-24", or so long before `now`: "90s", "15m", "2h", "7d". kInvalidParameter for
// others.
base::Result<base::Time> parse_since(const std::string& text, base::Time now);

}  // namespace sallyport::app
