#pragma once

namespace sallyport::app {

// The whole program: parses the command line, runs the subcommand, returns the exit code (0; 1 failed; 2 wrong
// usage or configuration). Lets no exception out.
int run_command_line(int argc, const char* const* argv);

}  // namespace sallyport::app
