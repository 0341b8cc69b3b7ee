#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

namespace sallyport::workplace {

// What bubblewrap says of a sandbox to its --json-status-fd (bwrap(1)): an object a line. Pure.
class SandboxStatus {
 public:
  // The next piece of it. Lines that are too long or none of ours are passed over.
  void hear(std::string_view piece);

  // The first process of the sandbox's pid namespace, by its number outside. Said before anything of the user's runs.
  std::optional<pid_t> first() const { return first_; }
  // Said only where the sandbox was made and what was to run in it did.
  std::optional<int> exit_code() const { return exit_code_; }

 private:
  void read(std::string_view line);

  std::string line_;
  std::optional<pid_t> first_;
  std::optional<int> exit_code_;
};

}  // namespace sallyport::workplace
