#include "provider/command_line.h"

#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include <CLI/CLI.hpp>

#include "base/limits.h"
#include "provider/create.h"
#include "provider/files.h"
#include "provider/process.h"
#include "provider/remove.h"
#include "provider/request.h"
#include "provider/supervisor.h"
#include "wire/json_value.h"

namespace sallyport::provider {

namespace {

using base::ErrorKind;
using base::fail;

volatile std::sig_atomic_t stop_signal = 0;

void note_signal(int number) { stop_signal = number; }

void heed_signals() {
  struct sigaction action {};
  action.sa_handler = &note_signal;
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    ::sigaction(number, &action, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
}

Caller the_caller() {
  return {[](std::string_view step) {
            const std::string line = std::string(step) + "\n";
            std::fputs(line.c_str(), stderr);
          },
          [] { return stop_signal != 0; }};
}

// All of standard input, to its end.
base::Result<std::string> read_request() {
  std::string text;
  const auto deadline = std::chrono::steady_clock::now() + base::limits::kProviderRequestTime;
  std::array<char, 16 * 1024> chunk{};
  while (true) {
    const auto left = std::chrono::ceil<base::Millis>(deadline - std::chrono::steady_clock::now());
    if (stop_signal != 0) return fail(ErrorKind::kUnavailable, "stopped by a signal before the request was read");
    if (left.count() <= 0) {
      return fail(ErrorKind::kInvalidRequest, "the request on standard input has no end after 30 s; close it");
    }
    if (!wait_readable(STDIN_FILENO, std::min(left, base::Millis(200)))) continue;
    const ssize_t count = ::read(STDIN_FILENO, chunk.data(), chunk.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count < 0) return fail(ErrorKind::kInternal, "cannot read standard input: " + reason(errno));
    if (count == 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(count));
    if (text.size() > base::limits::kProviderRequestBytes) {
      return fail(ErrorKind::kLimitExceeded, "the request on standard input is longer than 1 MiB; send less");
    }
  }
}

base::Result<std::string> answer(const Options& options) {
  const auto text = read_request();
  if (!text) return fail(text.error());
  const auto request = parse_request(*text);
  if (!request) return fail(request.error());
  const Caller caller = the_caller();
  if (const auto* wanted = std::get_if<CreateRequest>(&*request)) {
    const auto created = create(*wanted, options, caller);
    if (!created) return fail(created.error());
    return render_created(created->servers, created->ca_pem);
  }
  if (auto removed = remove(std::get<DeleteRequest>(*request), options, caller); !removed) return fail(removed.error());
  return render_deleted();
}

int reply(const base::Result<std::string>& answered) {
  const std::string line = (answered ? *answered : render_failure(answered.error())) + "\n";
  std::fputs(line.c_str(), stdout);
  return std::fflush(stdout) == 0 && answered ? 0 : 1;
}

// The options as CLI11 fills them, before they are checked.
struct Words {
  std::string address = "127.0.0.1";
  std::string ports = "21000-21999";
  unsigned timeout = static_cast<unsigned>(std::chrono::seconds(base::limits::kProviderReadyTime).count());
  std::string folder;
};

base::Status check(const Words& words, Options& options) {
  const auto address = base::IpAddress::parse(words.address);
  if (!address || *address == base::IpAddress() || *address == base::IpAddress::v4(0)) {
    return fail(ErrorKind::kInvalidParameter, "--address must be one IP address of this machine, is \"" +
                                                  wire::shortened(words.address) +
                                                  "\"; a wildcard is no address to answer with");
  }
  const auto ports = PortRange::parse(words.ports);
  if (!ports) {
    return fail(ErrorKind::kInvalidParameter,
                "--ports must be FIRST-LAST, three ports or more from 1024 to 65535, is \"" +
                    wire::shortened(words.ports) + "\"");
  }
  options.address = *address;
  options.ports = *ports;
  options.timeout = std::chrono::seconds(words.timeout);
  // The supervisor runs elsewhere.
  std::error_code error;
  const auto absolute = std::filesystem::absolute(options.state_dir, error);
  if (!error) options.state_dir = absolute.lexically_normal().string();
  return {};
}

int run(int argc, const char* const* argv) {
  Options options;
  Words words;
  CLI::App app(
      "Makes and deletes Kubernetes API servers for Sallyport: a request on standard input, a reply on "
      "standard output (docs/provider.md)",
      "kube-apiserver");
  app.get_formatter()->column_width(34);
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  app.set_version_flag("--version", "sallyport provider kube-apiserver");
  app.add_option("--state-dir", options.state_dir, "Folder of all clusters")->capture_default_str();
  app.add_option("--address", words.address, "Address on which API servers listen")->capture_default_str();
  app.add_option("--ports", words.ports, "FIRST-LAST: TCP ports to use, three a cluster")->capture_default_str();
  app.add_option("--etcd", options.etcd, "etcd program; else from PATH");
  app.add_option("--kube-apiserver", options.kube_apiserver,
                 "kube-apiserver program; else from PATH, else of /usr/lib/sallyport/kubernetes/VERSION");
  app.add_flag("--any-version", options.any_version, "Take a kube-apiserver of another version than asked for");
  app.add_option("--timeout", words.timeout, "Seconds until an API server must be ready")
      ->check(CLI::Range(1, 3'600))
      ->capture_default_str();
  CLI::App* supervising = app.add_subcommand("supervise", "Keep a cluster running; started by create");
  supervising->add_option("folder", words.folder, "The cluster's folder")->required();
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    return reply(fail(ErrorKind::kInvalidParameter, std::string(error.what()) + "; see --help"));
  }
  if (supervising->parsed()) return supervise(words.folder);
  if (auto checked = check(words, options); !checked) return reply(fail(checked.error()));
  ::umask(S_IRWXG | S_IRWXO);
  heed_signals();
  return reply(answer(options));
}

}  // namespace

int run_command_line(int argc, const char* const* argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& error) {
    return reply(fail(ErrorKind::kInternal, std::string("unexpected failure: ") + error.what()));
  }
}

}  // namespace sallyport::provider
