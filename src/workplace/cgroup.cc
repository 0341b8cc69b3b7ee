#include "workplace/cgroup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace sallyport::workplace {

namespace {

using base::Descriptor;
using base::ErrorKind;
using base::fail;

base::Status write_to(const std::string& path, const std::string& text) {
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (file.valid() && ::write(file.get(), text.data(), text.size()) == static_cast<ssize_t>(text.size())) return {};
  return fail(ErrorKind::kUnavailable, path + " does not take \"" + text + "\": " + std::strerror(errno));
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

std::optional<std::string> unified_path(std::string_view text) {
  std::optional<std::string> found;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("0::/")) {
      found = std::string(line.substr(3));
    } else if (line.find(":memory:") != std::string_view::npos || line.find(":pids:") != std::string_view::npos) {
      return std::nullopt;
    }
  }
  return found;
}

base::Result<Cgroups> Cgroups::take(const std::string& proc_self, const std::string& mount) {
  const auto path = unified_path(text_of(proc_self));
  if (!path) return fail(ErrorKind::kUnavailable, "this machine has no cgroup v2 with all controllers");
  const std::string folder = *path == "/" ? mount : mount + *path;
  const std::string controllers = " " + text_of(folder + "/cgroup.controllers");
  for (const char* wanted : {"memory", "pids", "cpu"}) {
    if (controllers.find(std::string(" ") + wanted) == std::string::npos) {
      return fail(ErrorKind::kUnavailable, folder + " has no " + wanted + " controller");
    }
  }
  const std::string own = folder + "/host";
  if (::mkdir(own.c_str(), 0755) != 0 && errno != EEXIST) {
    return fail(ErrorKind::kUnavailable, folder + " is not delegated to this process: " + std::strerror(errno));
  }
  // Where processes are, no controller can be handed on.
  if (auto moved = write_to(own + "/cgroup.procs", "0"); !moved) return fail(moved.error());
  if (auto handed = write_to(folder + "/cgroup.subtree_control", "+memory +pids +cpu"); !handed) {
    return fail(handed.error());
  }
  return Cgroups(folder);
}

base::Result<SessionCgroup> Cgroups::make(const std::string& session, const CgroupLimits& limits) const {
  const std::string folder = folder_ + "/" + session;
  if (::mkdir(folder.c_str(), 0755) != 0) {
    return fail(ErrorKind::kUnavailable, "cannot make " + folder + ": " + std::strerror(errno));
  }
  Descriptor entry(::open((folder + "/cgroup.procs").c_str(), O_WRONLY | O_CLOEXEC));
  SessionCgroup made(folder, std::move(entry));
  if (made.entry() < 0) return fail(ErrorKind::kUnavailable, "cannot open " + folder + "/cgroup.procs");
  constexpr int kPeriod = 100'000;
  const std::array<std::pair<const char*, std::string>, 3> settings{
      {{"/memory.max", std::to_string(limits.memory_bytes)},
       {"/pids.max", std::to_string(limits.processes)},
       {"/cpu.max", std::to_string(kPeriod / 100 * limits.cpu_percent) + " " + std::to_string(kPeriod)}}};
  for (const auto& [file, value] : settings) {
    if (auto set = write_to(folder + file, value); !set) return fail(set.error());
  }
  // A machine without swap has no such file.
  write_to(folder + "/memory.swap.max", "0").map_error([](const base::Error&) {});
  return made;
}

SessionCgroup::SessionCgroup(std::string folder, Descriptor entry)
    : folder_(std::move(folder)), entry_(std::move(entry)) {}

SessionCgroup::SessionCgroup(SessionCgroup&& other) noexcept
    : folder_(std::exchange(other.folder_, {})), entry_(std::move(other.entry_)) {}

SessionCgroup::~SessionCgroup() {
  if (folder_.empty()) return;
  kill();
  remove();
}

void SessionCgroup::kill() const {
  if (!folder_.empty()) write_to(folder_ + "/cgroup.kill", "1").map_error([](const base::Error&) {});
}

bool SessionCgroup::remove() {
  if (folder_.empty()) return true;
  // Until the last process is gone the kernel keeps the folder.
  if (::rmdir(folder_.c_str()) != 0 && errno == EBUSY) return false;
  folder_.clear();
  return true;
}

}  // namespace sallyport::workplace
