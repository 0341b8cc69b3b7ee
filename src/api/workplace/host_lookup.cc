#include "api/workplace/host_lookup.h"

#include <netdb.h>

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <system_error>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "net/system_addresses.h"

namespace sallyport::api::workplace {

namespace {

using Found = HostLookup::Found;

Found ask_system(const std::string& name) {
  net::SystemAddresses answer = net::system_addresses(name, base::limits::kWorkplaceAddresses);
  if (answer.code != 0) return tl::unexpected(std::string(::gai_strerror(answer.code)));
  if (answer.found.empty()) return tl::unexpected(std::string("it has no address"));
  return std::move(answer.found);
}

}  // namespace

// Shared with the thread that asks, which may outlive the lookup.
struct HostLookup::State {
  State(std::string of, AskSystem by) : name(std::move(of)), ask(std::move(by)) {}

  const std::string name;
  const AskSystem ask;
  std::mutex mutex;
  std::condition_variable answered;
  bool asking = false;
  std::uint64_t answers = 0;
  Found latest = tl::unexpected(std::string("it was not asked for"));
  std::vector<base::IpAddress> good;

  void answer(Found found) {
    const std::lock_guard lock(mutex);
    latest = std::move(found);
    if (latest) good = *latest;
    asking = false;
    ++answers;
    answered.notify_all();
  }
};

HostLookup::HostLookup(std::string name) : HostLookup(std::move(name), ask_system) {}

HostLookup::HostLookup(std::string name, AskSystem ask)
    : state_(std::make_shared<State>(std::move(name), std::move(ask))) {}

Found HostLookup::find(base::Millis time) {
  std::unique_lock lock(state_->mutex);
  if (!state_->asking) {
    try {
      std::thread([state = state_] { state->answer(state->ask(state->name)); }).detach();
    } catch (const std::system_error& error) {
      return tl::unexpected(std::string(error.what()));
    }
    state_->asking = true;
  }
  const std::uint64_t wanted = state_->answers + 1;
  if (!state_->answered.wait_for(lock, time, [&] { return state_->answers >= wanted; })) {
    return tl::unexpected(std::string("no answer in time"));
  }
  return state_->latest;
}

std::vector<base::IpAddress> HostLookup::last() const {
  const std::lock_guard lock(state_->mutex);
  return state_->good;
}

}  // namespace sallyport::api::workplace
