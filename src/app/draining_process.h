#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "app/handover_channel.h"
#include "base/result.h"
#include "gateway/succession.h"

namespace sallyport::app::handover {

// An earlier process whose relays this one judges. Thread-safe.
class DrainingProcess final : public gateway::Elsewhere {
 public:
  // Nothing where no process is behind `path`.
  static base::Result<std::unique_ptr<DrainingProcess>> find(const std::string& path);

  base::Result<std::vector<gateway::Relay>> relays();
  // A process that does not say in time that it did is killed: its sockets go with it.
  std::uint64_t cut(const std::vector<std::uint64_t>& ids) override;
  // As it said a second ago at most, while it answers.
  std::size_t left() override;
  void ask_to_leave();
  // For certain, with all its relays.
  void end() const;

  pid_t pid() const { return channel_.peer().pid(); }

 private:
  DrainingProcess(std::string path, Channel channel) : path_(std::move(path)), channel_(std::move(channel)) {}
  base::Result<CutDone> ask(const Cut& cut, std::chrono::milliseconds time);
  base::Status reconnect();

  const std::string path_;
  std::mutex mutex_;  // guards all below
  Channel channel_;
  bool out_of_step_ = false;  // an answer that was given up may still come
  std::uint64_t left_ = 0;
  std::chrono::steady_clock::time_point asked_{};
};

// Those that drain in the data folder; names of dead ones are removed. Fails, naming the socket, when one can be
// neither asked nor told dead, or there are more than kHandoverPredecessors: whoever is not found goes unjudged.
base::Result<std::vector<std::unique_ptr<DrainingProcess>>> find_draining(const std::string& data_dir);

std::string draining_socket(const std::string& data_dir, pid_t pid);

}  // namespace sallyport::app::handover
