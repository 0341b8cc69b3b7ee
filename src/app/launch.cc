#include "app/launch.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "app/handover_channel.h"
#include "base/descriptor.h"

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

// Starts the program as a child of init, not of this process: who supervises this one learns of a child's end only
// where it is its own. Between fork and exec nothing is done but what a signal handler may do.
base::Result<pid_t> start_apart(const std::string& program, std::vector<std::string> words) {
  std::vector<char*> arguments;
  for (std::string& word : words)
    arguments.push_back(word.data());
  arguments.push_back(nullptr);
  sigset_t none;
  sigemptyset(&none);
  std::array<int, 2> ends{};
  const auto failed = [&](int error) {
    return base::fail(base::ErrorKind::kUnavailable,
                      "cannot start " + program + ": " + std::generic_category().message(error));
  };
  if (::access(program.c_str(), X_OK) != 0 || ::pipe2(ends.data(), O_CLOEXEC) != 0) return failed(errno);
  const base::Descriptor reading(ends[0]);
  base::Descriptor writing(ends[1]);
  const pid_t between = ::fork();
  if (between < 0) return failed(errno);
  if (between == 0) {
    const pid_t successor = ::fork();
    if (successor == 0) {
      ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
      ::execv(program.c_str(), arguments.data());
      ::_exit(127);
    }
    const ssize_t written = ::write(writing.get(), &successor, sizeof(successor));
    ::_exit(written == sizeof(successor) ? 0 : 1);
  }
  writing.reset();
  pid_t successor = -1;
  const ssize_t got = ::read(reading.get(), &successor, sizeof(successor));
  ::waitpid(between, nullptr, 0);
  if (got != sizeof(successor) || successor < 0) return failed(EAGAIN);
  return successor;
}

}  // namespace

base::Result<pid_t> start_successor(const ServeOptions& options) {
  static std::optional<handover::Peer> before;  // the signal loop's alone
  if (before && !before->ended_within(std::chrono::milliseconds(0))) {
    return base::fail(base::ErrorKind::kInUse,
                      "process " + std::to_string(before->pid()) + " is about to take over already");
  }
  before.reset();
  const auto program = own_path();
  if (!program) return base::fail(program.error());
  auto successor = start_apart(*program, arguments_of(options, *program));
  if (!successor) return successor;
  if (auto watched = handover::Peer::of(*successor)) before = *std::move(watched);
  return successor;
}

}  // namespace sallyport::app
