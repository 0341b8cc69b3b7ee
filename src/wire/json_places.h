#pragma once

#include <cstddef>
#include <string_view>

namespace sallyport::wire {

// The line, from 1, on which the value at `path` begins in a text that parse_json takes; 1 when it is not there. Paths
// are written as JsonReader writes them: "Statement[1].Condition". Reads the whole text, so it is for messages.
std::size_t json_line(std::string_view text, std::string_view path);

}  // namespace sallyport::wire
