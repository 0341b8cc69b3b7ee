#include "app/provider_process.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <thread>
#include <utility>

#include "app/data_dir.h"
#include "app/provider_protocol.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

using namespace std::chrono_literals;
using base::ErrorKind;
using base::fail;
using Steady = std::chrono::steady_clock;

// How often a running program is looked at when it says nothing.
constexpr int kLookMillis = 100;
constexpr std::size_t kBlock = 4'096;

std::string error_text(int error) { return std::generic_category().message(error); }

// The two ends of a pipe; what is not moved away is closed.
struct Pipe {
  base::Descriptor read;
  base::Descriptor write;
};

base::Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(ErrorKind::kUnavailable, "no pipe: " + error_text(errno));
  return Pipe{base::Descriptor(ends[0]), base::Descriptor(ends[1])};
}

// The environment without what signs requests: a provider has no business with the API's keys.
std::vector<char*> environment_without_keys() {
  std::vector<char*> kept;
  for (char** each = environ; *each != nullptr; ++each) {
    if (!std::string_view(*each).starts_with("AWS_")) kept.push_back(*each);
  }
  kept.push_back(nullptr);
  return kept;
}

// Splits what comes in into lines and passes them on, bounded; never holds more than one line.
class Lines {
 public:
  explicit Lines(const control::ProgressFn& say) : say_(say) {}
  void take(std::string_view text) {
    for (const char c : text) {
      if (c == '\n') {
        end();
      } else if (line_.size() < base::limits::kProviderLineBytes) {
        line_ += c;
      }
    }
  }
  void end() {
    if (line_.empty()) return;
    last_ = printable_line(line_);
    line_.clear();
    say_(last_);
  }
  const std::string& last() const { return last_; }

 private:
  const control::ProgressFn& say_;
  std::string line_;
  std::string last_;
};

// A running program with the near ends of its pipes. Ends it, and all it started in its group, when destroyed.
class Child {
 public:
  static base::Result<Child> start(const std::string& command, const std::vector<std::string>& arguments);
  ~Child() {
    if (pid_ > 0) (void)end();
  }
  Child(Child&& other) noexcept
      : input(std::move(other.input)),
        output(std::move(other.output)),
        messages(std::move(other.messages)),
        pid_(std::exchange(other.pid_, -1)) {}
  Child& operator=(Child&&) = delete;
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Its wait status, once it has ended.
  std::optional<int> ended() {
    siginfo_t info{};
    const auto id = static_cast<id_t>(pid_);
    if (pid_ <= 0 || ::waitid(P_PID, id, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != pid_)
      return std::nullopt;
    // While it is not reaped, nobody else can have its group's number.
    ::kill(-pid_, SIGKILL);
    return reap();
  }
  // SIGTERM, then SIGKILL for the whole group.
  int end() {
    ::kill(-pid_, SIGTERM);
    const auto deadline = Steady::now() + base::limits::kProviderStopTime;
    while (Steady::now() < deadline) {
      if (const auto status = ended()) return *status;
      std::this_thread::sleep_for(20ms);
    }
    ::kill(-pid_, SIGKILL);
    return reap();
  }

  base::Descriptor input;
  base::Descriptor output;
  base::Descriptor messages;

 private:
  Child(base::Descriptor in, base::Descriptor out, base::Descriptor err, pid_t pid)
      : input(std::move(in)), output(std::move(out)), messages(std::move(err)), pid_(pid) {}
  int reap() {
    int status = 0;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
  }
  pid_t pid_;
};

base::Result<Child> Child::start(const std::string& command, const std::vector<std::string>& arguments) {
  auto input = make_pipe();
  auto output = make_pipe();
  auto messages = make_pipe();
  if (!input) return fail(input.error());
  if (!output) return fail(output.error());
  if (!messages) return fail(messages.error());

  posix_spawn_file_actions_t files{};
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, input->read.get(), STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, output->write.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, messages->write.get(), STDERR_FILENO);
  // Not all sockets of this process are marked close-on-exec; a program that outlives us must not hold its ports.
  ::posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes{};
  ::posix_spawnattr_init(&attributes);
  // The signals that this process blocks or ignores are none of the program's.
  sigset_t none{};
  sigset_t all{};
  ::sigemptyset(&none);
  ::sigfillset(&all);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setsigdefault(&attributes, &all);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);

  std::vector<std::string> words{command};
  words.insert(words.end(), arguments.begin(), arguments.end());
  std::vector<char*> argv;
  for (std::string& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  std::vector<char*> environment = environment_without_keys();
  pid_t pid = -1;
  const int failed = ::posix_spawn(&pid, command.c_str(), &files, &attributes, argv.data(), environment.data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&files);
  if (failed != 0) {
    return fail(ErrorKind::kUnavailable, "[provider] command \"" + command + "\" cannot be run: " + error_text(failed));
  }
  for (const int end : {input->write.get(), output->read.get(), messages->read.get()})
    ::fcntl(end, F_SETFL, ::fcntl(end, F_GETFL) | O_NONBLOCK);
  return Child(std::move(input->write), std::move(output->read), std::move(messages->read), pid);
}

// Reads what is there; closes the descriptor at the end of the stream.
template <class Take>
void drain(base::Descriptor& from, const Take& take) {
  std::array<char, kBlock> block{};
  while (from.get() >= 0) {
    const ssize_t got = ::read(from.get(), block.data(), block.size());
    if (got > 0) {
      take(std::string_view(block.data(), static_cast<std::size_t>(got)));
    } else if (got < 0 && errno == EINTR) {
      continue;
    } else if (got < 0 && errno == EAGAIN) {
      return;
    } else {
      from = {};
    }
  }
}

void feed(base::Descriptor& to, std::string_view& rest) {
  while (to.get() >= 0 && !rest.empty()) {
    const ssize_t put = ::write(to.get(), rest.data(), rest.size());
    if (put > 0) {
      rest.remove_prefix(static_cast<std::size_t>(put));
    } else if (put < 0 && errno == EINTR) {
      continue;
    } else if (put < 0 && errno == EAGAIN) {
      return;
    } else {
      rest = {};  // it does not want to know; its exit status and reply tell whether that was an error
    }
  }
  if (rest.empty()) to = {};
}

std::string how_it_ended(int status) {
  if (WIFEXITED(status)) return "exited with " + std::to_string(WEXITSTATUS(status));
  return "was ended by signal " + std::to_string(WTERMSIG(status));
}

}  // namespace

base::Result<std::string> ProviderProcess::run(const std::string& request, const control::ProgressFn& progress) {
  auto child = Child::start(settings_.command, settings_.arguments);
  if (!child) return fail(child.error());
  std::string reply;
  bool too_long = false;
  Lines lines(progress);
  std::string_view rest = request;
  const auto deadline = Steady::now() + base::limits::kProviderTime;
  std::optional<int> status;
  while (!status) {
    if (stopping_) return fail(ErrorKind::kUnavailable, "Sallyport is stopping");
    if (Steady::now() >= deadline) {
      return fail(
          ErrorKind::kUnavailable,
          "the provider was not done after " +
              std::to_string(std::chrono::duration_cast<std::chrono::minutes>(base::limits::kProviderTime).count()) +
              " minutes and was ended; it last said: " + lines.last());
    }
    std::array<pollfd, 3> watched{
        {{child->input.get(), POLLOUT, 0}, {child->output.get(), POLLIN, 0}, {child->messages.get(), POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), kLookMillis);
    feed(child->input, rest);
    const auto take_reply = [&](std::string_view text) {
      too_long = too_long || reply.size() + text.size() > base::limits::kProviderReplyBytes;
      if (!too_long) reply += text;
    };
    const auto take_line = [&](std::string_view text) { lines.take(text); };
    status = child->ended();
    // After a look at whether it has ended, so that its last words are not missed.
    drain(child->output, take_reply);
    drain(child->messages, take_line);
    if (child->output.get() < 0 && child->messages.get() < 0 && !status) std::this_thread::sleep_for(10ms);
  }
  lines.end();
  if (too_long) {
    return fail(ErrorKind::kInternal,
                "the provider replied with more than " + std::to_string(base::limits::kProviderReplyBytes) + " bytes");
  }
  if (WIFEXITED(*status) && WEXITSTATUS(*status) == 0) return reply;
  if (auto words = parse_failure(reply)) return fail(ErrorKind::kUnavailable, *std::move(words));
  return fail(ErrorKind::kUnavailable, "the provider " + how_it_ended(*status) +
                                           (lines.last().empty() ? "" : "; it last said: " + lines.last()));
}

base::Result<control::ProvidedServers> ProviderProcess::create(const model::Cluster& cluster,
                                                               const control::ProgressFn& progress) {
  const std::string host = model::endpoint_host_key(cluster.endpoint_id, settings_.region, settings_.zone);
  const auto webhooks = settings_.webhooks ? settings_.webhooks(cluster) : std::nullopt;
  const auto reply = run(create_request(cluster, host, webhooks), progress);
  if (!reply) return fail(reply.error());
  auto made = parse_create_reply(*reply);
  if (!made) return fail(ErrorKind::kInternal, "the provider's reply is wrong: " + made.error().message);
  return made;
}

base::Status ProviderProcess::remove(const model::Cluster& cluster, const control::ProgressFn& progress) {
  if (const auto reply = run(delete_request(cluster), progress); !reply) return fail(reply.error());
  return {};
}

}  // namespace sallyport::app
