#pragma once

namespace sallyport::provider {

// Runs the program. The exit code: 0, or 1 with {"error": …} on standard output.
int run_command_line(int argc, const char* const* argv);

}  // namespace sallyport::provider
