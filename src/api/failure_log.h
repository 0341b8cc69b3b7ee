#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/limits.h"
#include "base/time.h"

namespace sallyport::api {

// Keeps a failure that repeats from filling the log: each is to be logged once in limits::kWebhookFailurePause, and of
// those past limits::kWebhookFailures none at all until others are forgotten. Thread-safe.
class FailureLog {
 public:
  // Whether to log this failure, now.
  bool admits(const std::string& failure, base::Time now) {
    namespace limits = base::limits;
    const std::lock_guard lock(mutex_);
    const auto known = logged_.find(failure);
    if (known != logged_.end() && known->second + limits::kWebhookFailurePause > now) return false;
    if (known == logged_.end() && logged_.size() >= limits::kWebhookFailures) {
      std::erase_if(logged_, [&](const auto& one) { return one.second + limits::kWebhookFailurePause <= now; });
      if (logged_.size() >= limits::kWebhookFailures) return false;
    }
    logged_[failure] = now;
    return true;
  }

 private:
  std::mutex mutex_;
  std::map<std::string, base::Time> logged_;
};

}  // namespace sallyport::api
