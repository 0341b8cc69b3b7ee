#pragma once

#include <string>

#include "base/result.h"

namespace sallyport::app {

// Sends every log line to stderr, one a line, as `time=… level=… message="…"` or as a JSON object, in UTC.
// `level`: trace, debug, info, warn, error; `format`: text, json. Call before other threads start.
base::Status start_logging(const std::string& level, const std::string& format);

// The body of a string in double quotes as JSON writes it; also fit for the text format.
std::string escaped(const std::string& text);

}  // namespace sallyport::app
