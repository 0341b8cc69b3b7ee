#include "provider/supervised.h"

#include <signal.h>
#include <unistd.h>

#include <array>
#include <string_view>
#include <utility>

#include "base/limits.h"

namespace sallyport::provider {

Supervised::Supervised(std::string name, base::Millis stop_time, const Layout& layout, RotatingLog& journal)
    : name_(std::move(name)),
      stop_time_(stop_time),
      log_(layout.log(name_), base::limits::kProviderLogBytes),
      journal_(journal) {}

Instant Supervised::next(Instant now) const {
  if (!runs()) return due_;
  return kill_at_ ? *kill_at_ : now + std::chrono::hours(1);
}

void Supervised::start(const base::Result<Plan>& plan, int kept, Instant now) {
  started_ = now;
  ++status_.starts;
  if (!plan) return note_end("cannot start: " + plan.error().message, now);
  auto child = start_child(plan->command, kept);
  if (!child) return note_end("cannot start: " + child.error().message, now);
  child_ = *std::move(child);
  status_.pid = child_->pid;
  status_.revision = plan->revision;
  journal_.line(name_ + " started as process " + std::to_string(status_.pid));
}

void Supervised::hurry(Instant now) {
  back_off_.reset();
  due_ = now;
}

void Supervised::stop(Instant now) {
  if (!runs() || kill_at_) return;
  journal_.line("stopping " + name_);
  send_signal(child_->handle, SIGTERM);
  kill_at_ = now + stop_time_;
}

void Supervised::kill_overdue(Instant now) {
  if (!runs() || !kill_at_ || now < *kill_at_) return;
  journal_.line("killing " + name_ + ": it has not ended in time");
  send_signal(child_->handle, SIGKILL);
  kill_at_ = now + stop_time_;
}

bool Supervised::look(Instant now) {
  if (!runs()) return false;
  // Asked first: what it wrote before its end is then read below.
  const bool ended = wait_readable(child_->handle.get(), base::Millis(0));
  take_output();
  if (!ended) return false;
  const std::string how = collect(child_->pid);
  child_.reset();
  note_end(how, now);
  return true;
}

void Supervised::take_output() {
  // Bounded, so that a process that never stops writing does not keep the supervisor from its other work.
  constexpr int kMostChunks = 16;
  std::array<char, 64 * 1024> chunk{};
  for (int i = 0; i < kMostChunks; ++i) {
    const ssize_t count = ::read(child_->output.get(), chunk.data(), chunk.size());
    if (count <= 0) {
      // Closed by the process itself, which lives on: there is nothing more to wait for.
      if (count == 0) child_->output.reset();
      return;
    }
    log_.append(std::string_view(chunk.data(), static_cast<std::size_t>(count)));
  }
}

void Supervised::note_end(const std::string& how, Instant now) {
  status_.pid = 0;
  status_.last_end = how;
  const bool asked = std::exchange(kill_at_, std::nullopt).has_value();
  const auto pause =
      asked ? BackOff::Duration(0) : back_off_.after_end(std::chrono::duration_cast<BackOff::Duration>(now - started_));
  due_ = now + pause;
  journal_.line(name_ + " ended: " + how +
                (asked ? std::string() : "; next start in " + std::to_string(pause.count()) + " ms"));
}

}  // namespace sallyport::provider
