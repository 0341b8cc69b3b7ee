#pragma once

#include <sys/types.h>

#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "app/handover_channel.h"
#include "app/handover_steps.h"
#include "base/descriptor.h"
#include "base/named_descriptors.h"
#include "base/result.h"
#include "gateway/succession.h"

namespace sallyport::app::handover {

// What a handover does to the server. All called on the host's thread, one after another.
struct Parts {
  std::function<base::NamedDescriptors()> offer;
  // Ends API calls, the workflow and the store; the gateway and DNS go on by what they know.
  std::function<void()> yield;
  // The inverse of both, however far they came. Tried again when it fails.
  std::function<base::Status()> take_back;
  // Accepts and answers no more; who is to know finds the relays that go on.
  std::function<std::vector<gateway::Stranger>()> release;
  // The successor is the service now.
  std::function<void(pid_t)> handed_over;
};

// Waits for a successor, on a thread of its own, and hands everything over to it.
class Host {
 public:
  static base::Result<std::unique_ptr<Host>> open(const std::string& path, Parts parts);
  // Waits for no successor any more; one that is under way and does not serve yet is told to give up.
  ~Host();
  Host(const Host&) = delete;
  Host& operator=(const Host&) = delete;

 private:
  Host(Door door, base::Descriptor stop, Parts parts);
  void run();
  void serve(const Channel& channel);
  base::Status yield(const Channel& channel);
  base::Status release(const Channel& channel);
  void take_back(const Channel& channel);
  bool stopping(std::chrono::milliseconds within) const;
  Action step(Event event);

  std::optional<Door> door_;
  const base::Descriptor stop_;
  const Parts parts_;
  State state_ = State::kServing;
  std::thread thread_;
};

}  // namespace sallyport::app::handover
