#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/handover_channel.h"
#include "base/descriptor.h"
#include "base/result.h"
#include "gateway/succession.h"

namespace sallyport::app::handover {

// In a process that drains: answers whichever process serves now, the one that connected last, about the relays that
// are left. On a thread of its own.
class RelayKeeper {
 public:
  // `gateway` was released, and outlives the keeper, as does what `left` (connections) and `leave` (do not wait for the
  // deadline) use.
  static base::Result<std::unique_ptr<RelayKeeper>> open(const std::string& path, gateway::Succession& gateway,
                                                         std::function<std::uint64_t()> left,
                                                         std::function<void()> leave);
  ~RelayKeeper();
  RelayKeeper(const RelayKeeper&) = delete;
  RelayKeeper& operator=(const RelayKeeper&) = delete;

 private:
  RelayKeeper(Door door, base::Descriptor stop, gateway::Succession& gateway, std::function<std::uint64_t()> left,
              std::function<void()> leave);
  void run();
  // False: the other end is of no use any more.
  bool answer(const Channel& channel);
  base::Status tell_relays(const Channel& channel) const;

  const Door door_;
  const base::Descriptor stop_;
  gateway::Succession& gateway_;
  const std::function<std::uint64_t()> left_;
  const std::function<void()> leave_;
  std::thread thread_;
};

}  // namespace sallyport::app::handover
