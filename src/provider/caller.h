#pragma once

#include <functional>
#include <string_view>

namespace sallyport::provider {

// Who asked for a create or delete: is told of each step, and may lose interest (SIGTERM). What has been done by then
// stays, for the next create or delete to complete.
struct Caller {
  std::function<void(std::string_view)> tell;
  std::function<bool()> stopped;
};

}  // namespace sallyport::provider
