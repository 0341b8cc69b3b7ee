#include "provider/binaries.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "provider/process.h"
#include "wire/json_value.h"

namespace sallyport::provider {

namespace {

using base::ErrorKind;
using base::fail;

constexpr std::size_t kVersionBytes = 4'096;

bool is_program(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) && ::access(path.c_str(), X_OK) == 0;
}

std::vector<std::string> on_path(const std::string& name) {
  std::vector<std::string> found;
  const char* variable = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): before any other thread
  std::string_view rest = variable != nullptr ? variable : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const std::size_t colon = rest.find(':');
    std::string path(rest.substr(0, colon));
    path.append("/").append(name);
    // What "." or "" would name depends on where the caller stands.
    if (rest.starts_with('/') && is_program(path)) found.push_back(std::move(path));
    rest = colon == std::string_view::npos ? std::string_view() : rest.substr(colon + 1);
  }
  return found;
}

std::string absolute(const std::string& path) {
  std::error_code error;
  const auto made = std::filesystem::absolute(path, error);
  return error ? path : made.string();
}

// What `PATH --version` prints, shortened; empty where it does not within the limit.
std::string version_output(const std::string& path) {
  auto child = start_child({path, "--version"}, -1);
  if (!child) return {};
  const auto deadline = std::chrono::steady_clock::now() + base::limits::kProviderVersionTime;
  std::string output;
  while (output.size() < kVersionBytes) {
    const auto left = std::chrono::ceil<base::Millis>(deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0 || !wait_readable(child->output.get(), left)) break;
    std::array<char, 512> chunk{};
    const ssize_t count = ::read(child->output.get(), chunk.data(), chunk.size());
    if (count < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (count <= 0) break;
    output.append(chunk.data(), static_cast<std::size_t>(count));
  }
  if (!wait_readable(child->handle.get(), base::Millis(output.empty() ? 0 : 1'000))) {
    send_signal(child->handle, SIGKILL);
  }
  collect(child->pid);
  return output;
}

base::Result<std::string> find_etcd(const Options& options) {
  if (!options.etcd.empty()) {
    if (is_program(options.etcd)) return absolute(options.etcd);
    return fail(ErrorKind::kNotFound, "--etcd: " + options.etcd + " is not a program that this user may run");
  }
  auto found = on_path("etcd");
  if (!found.empty()) return std::move(found.front());
  return fail(ErrorKind::kNotFound, "etcd is not on PATH; install it (Debian: apt install etcd-server) or give --etcd");
}

struct ApiServer {
  std::string path;
  KubernetesVersion version;
};

base::Result<ApiServer> find_kube_apiserver(const Options& options, const KubernetesVersion& version) {
  std::vector<std::string> candidates;
  const std::string versioned = "/usr/lib/sallyport/kubernetes/" + version.to_string() + "/kube-apiserver";
  if (!options.kube_apiserver.empty()) {
    if (!is_program(options.kube_apiserver)) {
      return fail(ErrorKind::kNotFound,
                  "--kube-apiserver: " + options.kube_apiserver + " is not a program that this user may run");
    }
    candidates.push_back(absolute(options.kube_apiserver));
  } else {
    candidates = on_path("kube-apiserver");
    if (is_program(versioned)) candidates.push_back(versioned);
  }
  std::string seen;
  for (std::string& candidate : candidates) {
    const std::string output = version_output(candidate);
    const auto found = KubernetesVersion::of_binary(output);
    if (found && (options.any_version || *found == version)) return ApiServer{std::move(candidate), *found};
    const std::string said = output.substr(0, output.find('\n'));
    seen += "; " + candidate + " is " + (found ? wire::shortened(said) : std::string("no kube-apiserver"));
  }
  return fail(ErrorKind::kNotFound, "no kube-apiserver of version " + version.to_string() + " was found" + seen +
                                        "; install one at " + versioned +
                                        ", name one with --kube-apiserver, or allow others with --any-version");
}

}  // namespace

base::Result<Binaries> find_binaries(const Options& options, const KubernetesVersion& version) {
  auto etcd = find_etcd(options);
  if (!etcd) return fail(std::move(etcd.error()));
  auto api_server = find_kube_apiserver(options, version);
  if (!api_server) return fail(std::move(api_server.error()));
  return Binaries{*std::move(etcd), std::move(api_server->path), api_server->version};
}

}  // namespace sallyport::provider
