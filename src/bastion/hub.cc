#include "bastion/hub.h"

#include <spdlog/spdlog.h>

namespace sallyport::bastion {

bool Hub::enter() {
  const std::lock_guard lock(mutex_);
  if (connections_ >= settings.max_connections) return false;
  ++connections_;
  return true;
}

void Hub::leave() {
  const std::lock_guard lock(mutex_);
  if (--connections_ == 0) empty_.notify_all();
}

std::size_t Hub::connections() const {
  const std::lock_guard lock(mutex_);
  return connections_;
}

void Hub::drain(base::Millis patience) {
  std::unique_lock lock(mutex_);
  draining_ = true;
  empty_.wait_for(lock, patience, [this] { return connections_ == 0; });
}

void Hub::refused(Refusal refusal, const Caller& caller) {
  ++refusals_.at(static_cast<std::size_t>(refusal));
  std::uint64_t left_out = 0;
  {
    const std::lock_guard lock(log_mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now - log_second_ >= std::chrono::seconds(1)) {
      log_second_ = now;
      log_lines_ = 0;
    }
    if (++log_lines_ > kLogLinesASecond) {
      ++not_logged_;
      return;
    }
    left_out = std::exchange(not_logged_, 0);
  }
  spdlog::info("connection refused reason={} by={} source={} user={} target={} not_logged={}", to_string(refusal),
               caller.front, caller.source.to_string(), caller.user, caller.target, left_out);
}

}  // namespace sallyport::bastion
