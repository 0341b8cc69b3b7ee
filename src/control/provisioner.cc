#include "control/provisioner.h"

#include <spdlog/spdlog.h>

#include <exception>

#include "base/limits.h"

namespace sallyport::control {

using base::ErrorKind;
using base::fail;

Provisioner::Provisioner(Provider* provider, std::function<void()> done) : provider_(provider), done_(std::move(done)) {
  if (provider_ == nullptr) return;
  for (std::size_t i = 0; i < base::limits::kProvisioners; ++i)
    threads_.emplace_back([this] { run(); });
}

Provisioner::~Provisioner() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  if (provider_ != nullptr) provider_->stop();
  wake_.notify_all();
  for (std::thread& thread : threads_)
    thread.join();
}

std::optional<Provisioner::Outcome> Provisioner::outcome(const model::Cluster& cluster, Work work) {
  if (provider_ == nullptr) {
    return fail(ErrorKind::kUnavailable,
                "the API servers of this cluster are a provider's to " +
                    std::string(work == Work::kCreate ? "make" : "remove") +
                    ", and none is configured: put the [provider] section back into the configuration and restart");
  }
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(cluster.endpoint_id);
  if (found != jobs_.end()) {
    Job& job = found->second;
    if (job.work == work) return job.outcome;
    if (!job.outcome) return std::nullopt;
    jobs_.erase(found);
  }
  Job job;
  job.cluster = cluster;
  job.work = work;
  job.line = "waiting for its turn";
  jobs_.emplace(cluster.endpoint_id, std::move(job));
  waiting_.push_back(cluster.endpoint_id);
  wake_.notify_one();
  return std::nullopt;
}

void Provisioner::forget(const model::EndpointId& cluster) {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(cluster);
  if (found != jobs_.end() && found->second.outcome) jobs_.erase(found);
}

std::optional<std::string> Provisioner::progress(const model::EndpointId& cluster) const {
  const std::lock_guard lock(mutex_);
  const auto found = jobs_.find(cluster);
  if (found == jobs_.end() || found->second.outcome) return std::nullopt;
  return found->second.line;
}

void Provisioner::say(const model::Cluster& cluster, const std::string& line) {
  spdlog::info("provider, cluster {}: {}", cluster.name.str(), line);
  const std::lock_guard lock(mutex_);
  jobs_.at(cluster.endpoint_id).line = line;
}

Provisioner::Outcome Provisioner::carry_out(const model::Cluster& cluster, Work work) {
  const ProgressFn progress = [&](const std::string& line) { say(cluster, line); };
  try {
    if (work == Work::kCreate) return provider_->create(cluster, progress);
    if (auto removed = provider_->remove(cluster, progress); !removed) return fail(removed.error());
    return ProvidedServers{};
  } catch (const std::exception& error) {
    return fail(ErrorKind::kInternal, std::string("the provider could not be run: ") + error.what());
  }
}

void Provisioner::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
    if (stopping_) return;
    const model::EndpointId id = waiting_.front();
    waiting_.pop_front();
    const Job& job = jobs_.at(id);
    const model::Cluster cluster = job.cluster;
    const Work work = job.work;
    lock.unlock();
    Outcome outcome = carry_out(cluster, work);
    lock.lock();
    // What was interrupted is done again after the next start: nobody must take it for the provider's word.
    if (stopping_) return;
    jobs_.at(id).outcome = std::move(outcome);
    lock.unlock();
    done_();
    lock.lock();
  }
}

}  // namespace sallyport::control
