#pragma once

#include <sys/types.h>

#include "app/serve.h"
#include "base/result.h"

namespace sallyport::app {

// Starts the program that is at this one's path now, perhaps a newer version, as `serve` with the same options, to take
// over from this process. Its child; reaps one started before that has ended.
base::Result<pid_t> start_successor(const ServeOptions& options);

}  // namespace sallyport::app
