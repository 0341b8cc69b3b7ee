#include "app/draining_process.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/limits.h"

namespace sallyport::app::handover {

namespace {

namespace limits = base::limits;
using Steady = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr std::string_view kPrefix = "draining-";
constexpr std::string_view kSuffix = ".sock";
constexpr auto kFresh = 1s;

}  // namespace

std::string draining_socket(const std::string& data_dir, pid_t pid) {
  return data_dir + "/" + std::string(kPrefix) + std::to_string(pid) + std::string(kSuffix);
}

base::Result<std::unique_ptr<DrainingProcess>> DrainingProcess::find(const std::string& path) {
  auto channel = Channel::connect(path);
  if (!channel) return base::fail(channel.error());
  if (!*channel) return nullptr;
  return std::unique_ptr<DrainingProcess>(new DrainingProcess(path, *std::move(*channel)));
}

base::Result<std::vector<gateway::Relay>> DrainingProcess::relays() {
  const std::lock_guard lock(mutex_);
  if (auto sent = channel_.send(AskRelays{}); !sent) return base::fail(sent.error());
  std::vector<gateway::Relay> all;
  while (true) {
    auto part = channel_.expect<Relays>(limits::kHandoverAnswerTime);
    if (!part) {
      out_of_step_ = true;
      return base::fail(part.error());
    }
    std::ranges::move(part->relays, std::back_inserter(all));
    if (part->more) continue;
    left_ = all.size();
    asked_ = Steady::now();
    return all;
  }
}

base::Status DrainingProcess::reconnect() {
  auto again = Channel::connect(path_);
  if (!again) return base::fail(again.error());
  if (!*again || (*again)->peer().pid() != channel_.peer().pid()) {
    return base::fail(base::ErrorKind::kUnavailable, "handover: the other process listens no more");
  }
  channel_ = *std::move(*again);
  out_of_step_ = false;
  return {};
}

base::Result<CutDone> DrainingProcess::ask(const Cut& cut, std::chrono::milliseconds time) {
  if (out_of_step_) {
    if (auto connected = reconnect(); !connected) return base::fail(connected.error());
  }
  out_of_step_ = true;
  if (auto sent = channel_.send(cut); !sent) return base::fail(sent.error());
  auto done = channel_.expect<CutDone>(time);
  if (!done) return done;
  out_of_step_ = false;
  left_ = done->left;
  asked_ = Steady::now();
  return done;
}

std::uint64_t DrainingProcess::cut(const std::vector<std::uint64_t>& ids) {
  const std::lock_guard lock(mutex_);
  std::uint64_t count = 0;
  for (std::size_t next = 0; next < ids.size(); next += limits::kHandoverCuts) {
    const auto from = ids.begin() + static_cast<std::ptrdiff_t>(next);
    const auto size = static_cast<std::ptrdiff_t>(std::min(limits::kHandoverCuts, ids.size() - next));
    const Cut part{{from, from + size}};
    auto done = ask(part, limits::kHandoverCutTime);
    // Another process that asked has taken the place of this channel; there is but one that serves.
    if (!done && done.error().kind == base::ErrorKind::kNotFound) done = ask(part, limits::kHandoverCutTime);
    if (!done) {
      if (channel_.peer().ended_within(0ms)) return count;  // its relays ended with it, by no doing of ours
      spdlog::error("process {} did not cut connections that lost permission, and is killed: {}", pid(),
                    done.error().message);
      end();
      left_ = 0;
      return count + ids.size() - next;
    }
    count += done->cut;
  }
  return count;
}

void DrainingProcess::end() const {
  do {
    channel_.peer().kill();
  } while (!channel_.peer().ended_within(limits::kHandoverEndTime));
}

std::size_t DrainingProcess::left() {
  const std::unique_lock lock(mutex_, std::try_to_lock);
  if (!lock.owns_lock()) return 1;  // it is being asked to cut some
  if (channel_.peer().ended_within(0ms)) return 0;
  if (Steady::now() - asked_ > kFresh) (void)ask(Cut{}, kFresh);
  return left_;
}

void DrainingProcess::ask_to_leave() {
  const std::lock_guard lock(mutex_);
  if (!channel_.send(Leave{})) return;
  (void)ask(Cut{}, kFresh);  // once it answers, it has heard
}

base::Result<std::vector<std::unique_ptr<DrainingProcess>>> find_draining(const std::string& data_dir) {
  std::vector<std::unique_ptr<DrainingProcess>> found;
  std::error_code failed;
  for (const auto& entry : std::filesystem::directory_iterator(data_dir, failed)) {
    const std::string path = entry.path().string();
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix)) continue;
    auto process = DrainingProcess::find(path);
    if (!process || found.size() == limits::kHandoverPredecessors) {
      return base::fail(base::ErrorKind::kUnavailable, "the process behind " + path +
                                                           " holds relays that cannot be judged; end it: " +
                                                           (process ? "there are too many" : process.error().message));
    }
    if (*process == nullptr) {
      ::unlink(path.c_str());
    } else {
      found.push_back(*std::move(process));
    }
  }
  if (failed) {
    return base::fail(base::ErrorKind::kUnavailable, data_dir + " cannot be read: " + failed.message());
  }
  return found;
}

}  // namespace sallyport::app::handover
