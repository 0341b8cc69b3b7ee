#pragma once

#include <optional>
#include <string>
#include <vector>

#include "app/handover_channel.h"
#include "base/named_descriptors.h"
#include "base/result.h"
#include "gateway/succession.h"

namespace sallyport::app::handover {

// The successor's side of a handover. Its steps in their order; whoever gives up destroys what it opened, then this.
class Successor {
 public:
  // Asks the process that serves at `path` for everything it has open. Nothing where none does.
  static base::Result<std::optional<Successor>> ask(const std::string& path);

  base::NamedDescriptors& handed() { return handed_; }
  // Until the store may be opened.
  base::Status wait_for_the_store() const;
  // From here on this process is the one that serves. Returns the connections that the other had not understood yet,
  // when it accepts no more, or is dead.
  std::vector<gateway::Stranger> serve() const;

 private:
  Successor(Channel channel, base::NamedDescriptors handed)
      : channel_(std::move(channel)), handed_(std::move(handed)) {}

  Channel channel_;
  base::NamedDescriptors handed_;
};

}  // namespace sallyport::app::handover
