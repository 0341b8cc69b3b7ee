#include "app/launch.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace sallyport::app {

namespace {

base::Result<std::string> own_path() {
  std::array<char, 4096> path{};
  const ssize_t size = ::readlink("/proc/self/exe", path.data(), path.size());
  if (size <= 0 || static_cast<std::size_t>(size) == path.size()) {
    return base::fail(base::ErrorKind::kUnavailable, "the path of this program is not known");
  }
  std::string text(path.data(), static_cast<std::size_t>(size));
  // What the kernel says once a package manager has put another file there.
  constexpr std::string_view kReplaced = " (deleted)";
  if (text.ends_with(kReplaced)) text.resize(text.size() - kReplaced.size());
  return text;
}

std::vector<std::string> arguments_of(const ServeOptions& options, const std::string& program) {
  std::vector<std::string> words{program, "serve", "--takeover", "--config", options.config_file};
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) words.insert(words.end(), {name, value});
  };
  add("--data-dir", options.data_dir);
  add("--roles", options.roles);
  add("--log-level", options.log_level);
  add("--log-format", options.log_format);
  return words;
}

}  // namespace

base::Result<pid_t> start_successor(const ServeOptions& options) {
  static pid_t before = 0;  // the signal loop's alone
  if (before != 0 && ::waitpid(before, nullptr, WNOHANG) != 0) before = 0;
  if (before != 0) {
    return base::fail(base::ErrorKind::kInUse, "process " + std::to_string(before) + " is about to take over already");
  }
  const auto program = own_path();
  if (!program) return base::fail(program.error());
  std::vector<std::string> words = arguments_of(options, *program);
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  pid_t child = 0;
  const int error = ::posix_spawn(&child, program->c_str(), nullptr, &attributes, arguments.data(), environ);
  posix_spawnattr_destroy(&attributes);
  if (error != 0) {
    return base::fail(base::ErrorKind::kUnavailable,
                      "cannot start " + *program + ": " + std::generic_category().message(error));
  }
  before = child;
  return child;
}

}  // namespace sallyport::app
