#pragma once

#include <span>

#include "api/console_site.h"

namespace sallyport::app {

// The web console's files, in the binary; none where it was built with SALLYPORT_CONSOLE=OFF. Made by
// console/pack.mjs.
std::span<const api::ConsoleFile> console_files();

}  // namespace sallyport::app
