#include "app/tls_watch.h"

#include <spdlog/spdlog.h>
#include <sys/stat.h>

#include <utility>

namespace sallyport::app {

namespace {

// Differs from an earlier one when a file was written, replaced or removed since.
std::string stamp_of(const std::vector<std::string>& files) {
  std::string stamp;
  for (const std::string& file : files) {
    struct stat found {};
    if (::stat(file.c_str(), &found) != 0) {
      stamp += "none;";
      continue;
    }
    for (const auto part :
         {static_cast<std::int64_t>(found.st_dev), static_cast<std::int64_t>(found.st_ino),
          static_cast<std::int64_t>(found.st_size), static_cast<std::int64_t>(found.st_mtim.tv_sec),
          static_cast<std::int64_t>(found.st_mtim.tv_nsec), static_cast<std::int64_t>(found.st_ctim.tv_sec),
          static_cast<std::int64_t>(found.st_ctim.tv_nsec)}) {
      stamp += std::to_string(part) + ",";
    }
    stamp += ";";
  }
  return stamp;
}

}  // namespace

TlsWatch::TlsWatch(std::vector<Server> servers, base::Millis pause)
    : servers_(std::move(servers)), failures_(servers_.size()), pause_(pause) {
  for (const Server& server : servers_)
    seen_.push_back(stamp_of(server.files));
  thread_ = std::thread([this] { run(); });
}

TlsWatch::~TlsWatch() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  rung_.notify_all();
  thread_.join();
}

void TlsWatch::look_soon() {
  {
    const std::lock_guard lock(mutex_);
    soon_ = true;
  }
  rung_.notify_all();
}

void TlsWatch::run() {
  std::unique_lock lock(mutex_);
  while (true) {
    rung_.wait_for(lock, pause_, [this] { return soon_ || ending_; });
    if (ending_) return;
    soon_ = false;
    lock.unlock();
    look();
    lock.lock();
  }
}

void TlsWatch::look() {
  for (std::size_t i = 0; i < servers_.size(); ++i) {
    const Server& server = servers_[i];
    if (server.before) server.before();
    // Before the files are read: what changes meanwhile is seen at the next look.
    std::string stamp = stamp_of(server.files);
    // What failed is tried again: it may have been this process's trouble, not the files'.
    if (stamp == seen_[i] && failures_[i].empty()) continue;
    seen_[i] = std::move(stamp);
    if (const auto loaded = server.reload(); !loaded) {
      if (loaded.error().message == failures_[i]) continue;
      failures_[i] = loaded.error().message;
      spdlog::error("the {} server goes on with its present certificate: {}", server.name, failures_[i]);
    } else {
      failures_[i].clear();
      spdlog::info("the {} server has a new certificate for new connections", server.name);
    }
  }
}

}  // namespace sallyport::app
