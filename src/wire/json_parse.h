#pragma once

#include <string_view>

#include "base/result.h"
#include "wire/json_value.h"

namespace sallyport::wire {

// Strict RFC 8259: no comments, no trailing commas, UTF-8 only, nothing after the value. Refuses with
// kCorrupt, naming line and column: what is not JSON, nesting deeper than limits::kJsonDepth, and a member
// named twice in one object (RFC 8259 section 4 leaves its meaning open). Time and memory are linear in the text.
base::Result<Json> parse_json(std::string_view text);

}  // namespace sallyport::wire
