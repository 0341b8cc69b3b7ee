#pragma once

namespace sallyport::app {

inline constexpr const char* kVersion = "0.1.0";

}  // namespace sallyport::app
