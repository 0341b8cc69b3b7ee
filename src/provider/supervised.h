#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/time.h"
#include "provider/back_off.h"
#include "provider/layout.h"
#include "provider/plan.h"
#include "provider/process.h"
#include "provider/rotating_log.h"
#include "provider/state.h"

namespace sallyport::provider {

using Instant = std::chrono::steady_clock::time_point;

// One of the supervisor's processes: when it is to start, what it says, how it ended, when it must be killed.
// Single-threaded; the caller brings the time.
class Supervised {
 public:
  // `stop_time`: how long it may take to end by SIGTERM. `journal` outlives this.
  Supervised(std::string name, base::Millis stop_time, const Layout& layout, RotatingLog& journal);

  bool runs() const { return child_.has_value(); }
  bool is_due(Instant now) const { return !runs() && now >= due_; }
  // The next time at which something is to be done about it.
  Instant next(Instant now) const;

  // `kept`: a descriptor that the process holds open as long as it lives. A failure counts as an end.
  void start(const base::Result<Plan>& plan, int kept, Instant now);
  void defer(Instant until) { due_ = until; }
  // Starts it as soon as it does not run, whatever it did before.
  void hurry(Instant now);
  // Asks it to end, once, and kills it when the stop time has passed.
  void stop(Instant now);
  void kill_overdue(Instant now);
  // Reads what it wrote, and notes its end. True where it ended.
  bool look(Instant now);

  // -1 where it does not run.
  int handle() const { return child_ ? child_->handle.get() : -1; }
  int output() const { return child_ ? child_->output.get() : -1; }
  const std::string& name() const { return name_; }
  const ProcessStatus& status() const { return status_; }

 private:
  void take_output();
  void note_end(const std::string& how, Instant now);

  std::string name_;
  base::Millis stop_time_;
  RotatingLog log_;
  RotatingLog& journal_;
  ProcessStatus status_;
  BackOff back_off_;
  std::optional<Child> child_;
  Instant started_{};
  Instant due_{};
  std::optional<Instant> kill_at_;
};

}  // namespace sallyport::provider
