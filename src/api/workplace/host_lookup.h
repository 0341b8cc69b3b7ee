#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tl/expected.hpp>

#include "base/ip_address.h"
#include "base/time.h"

namespace sallyport::api::workplace {

// The addresses of one name by getaddrinfo(3), which nothing can cut short: it has a thread of its own, one at a time,
// and who asks waits as long as they like. An answer that comes too late is for who asks next, or for nobody.
// Thread-safe; may go while a question is under way.
class HostLookup {
 public:
  // One to kWorkplaceAddresses addresses, or why there is none.
  using Found = tl::expected<std::vector<base::IpAddress>, std::string>;
  using AskSystem = std::function<Found(const std::string& name)>;

  explicit HostLookup(std::string name);
  HostLookup(std::string name, AskSystem ask);  // `ask` instead of getaddrinfo(3)

  // Asks, or joins the question that is under way; waits at most `time`.
  Found find(base::Millis time);
  // The addresses of the last answer that had some; none before it.
  std::vector<base::IpAddress> last() const;

 private:
  struct State;
  const std::shared_ptr<State> state_;
};

}  // namespace sallyport::api::workplace
