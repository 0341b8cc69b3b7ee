#include "app/handover_host.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>

#include <array>
#include <cerrno>
#include <utility>

#include "base/limits.h"

namespace sallyport::app::handover {

namespace {

namespace limits = base::limits;

base::Status send_offer(const Channel& channel, const base::NamedDescriptors& offered) {
  const auto& entries = offered.entries();
  // Names are as short as addresses; so many of them fit.
  constexpr std::size_t kAtOnce = 100;
  static_assert(kAtOnce <= limits::kHandoverDescriptorsPerMessage &&
                kAtOnce * (limits::kHandoverNameBytes + 4) < limits::kHandoverMessageBytes);
  std::size_t next = 0;
  do {
    Offered part;
    std::vector<int> descriptors;
    for (; next < entries.size() && part.names.size() < kAtOnce; ++next) {
      part.names.push_back(entries[next].name.substr(0, limits::kHandoverNameBytes));
      descriptors.push_back(entries[next].descriptor.get());
    }
    part.more = next < entries.size();
    if (auto sent = channel.send(part, descriptors); !sent) return sent;
  } while (next < entries.size());
  return {};
}

}  // namespace

base::Result<std::unique_ptr<Host>> Host::open(const std::string& path, Parts parts) {
  auto door = Door::open(path);
  if (!door) return base::fail(door.error());
  base::Descriptor stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop.valid()) return base::fail(base::ErrorKind::kUnavailable, "handover: no descriptor to spare");
  return std::unique_ptr<Host>(new Host(*std::move(door), std::move(stop), std::move(parts)));
}

Host::Host(Door door, base::Descriptor stop, Parts parts)
    : door_(std::move(door)), stop_(std::move(stop)), parts_(std::move(parts)), thread_([this] { run(); }) {}

Host::~Host() {
  (void)::eventfd_write(stop_.get(), 1);
  thread_.join();
}

bool Host::stopping(std::chrono::milliseconds within) const {
  pollfd stop{.fd = stop_.get(), .events = POLLIN, .revents = 0};
  return ::poll(&stop, 1, static_cast<int>(within.count())) > 0;
}

void Host::run() {
  while (state_ != State::kDraining) {
    std::array<pollfd, 2> ready{pollfd{.fd = door_->descriptor(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = stop_.get(), .events = POLLIN, .revents = 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
    if (ready[1].revents != 0) return;
    if (ready[0].revents == 0) continue;
    const auto channel = Channel::accept(door_->descriptor());
    if (channel) {
      serve(*channel);
    } else {
      spdlog::warn("{}", channel.error().message);
      if (stopping(limits::kHandoverRetryPause)) return;  // out of descriptors it would be the same at once
    }
  }
}

Action Host::step(Event event) {
  const Step next = next_step(state_, event);
  state_ = next.state;
  return next.action;
}

void Host::serve(const Channel& channel) {
  if (const auto asked = channel.expect<Take>(limits::kHandoverAnswerTime, stop_.get()); !asked) {
    spdlog::warn("a handover to process {} did not begin: {}", channel.peer().pid(), asked.error().message);
    (void)channel.send(Refused{asked.error().message});
    return;
  }
  if (step(Event::kAsked) != Action::kYield) return (void)channel.send(Refused{"a handover is under way already"});
  spdlog::info("process {} takes over", channel.peer().pid());
  base::Status going = yield(channel);
  if (going) {
    if (auto serves = channel.expect<Serving>(limits::kHandoverStartTime, stop_.get()); !serves)
      going = base::fail(serves.error());
  }
  if (going && step(Event::kServes) == Action::kRelease) {
    if (const auto released = release(channel); !released) {
      spdlog::error("the successor was lost when it had begun to serve: {}", released.error().message);
    }
    return;
  }
  if (step(Event::kLost) != Action::kTakeBack) return;
  spdlog::error("the handover failed, this process goes on: {}", going.error().message);
  (void)channel.send(Refused{"the predecessor goes on: " + going.error().message});
  take_back(channel);
}

base::Status Host::yield(const Channel& channel) {
  if (auto sent = send_offer(channel, parts_.offer()); !sent) return sent;
  parts_.yield();
  return channel.send(Yielded{});
}

base::Status Host::release(const Channel& channel) {
  std::vector<gateway::Stranger> strangers = parts_.release();
  door_.reset();
  parts_.handed_over(channel.peer().pid());
  for (gateway::Stranger& stranger : strangers) {
    const int socket = stranger.socket.get();
    const Passed passed{std::move(stranger.listener), stranger.source, stranger.proxy_header_due,
                        std::move(stranger.received)};
    if (auto sent = channel.send(passed, {socket}); !sent) {
      // Who has not said what it wants can ask again; the relays must not go with it.
      spdlog::warn("connections that had not said their name are lost: {}", sent.error().message);
      break;
    }
  }
  return channel.send(Released{});
}

void Host::take_back(const Channel& channel) {
  // Two processes must not own the store. One that failed is about to end; one that hangs is made to.
  while (!channel.peer().ended_within(limits::kHandoverEndTime)) {
    spdlog::warn("process {} does not end by itself and is killed", channel.peer().pid());
    channel.peer().kill();
  }
  do {
    const auto restored = parts_.take_back();
    if (restored) {
      step(Event::kRestored);
      spdlog::info("everything is served by this process again");
      return;
    }
    spdlog::error("not everything could be taken back, tried again soon: {}", restored.error().message);
  } while (!stopping(limits::kHandoverRetryPause));
}

}  // namespace sallyport::app::handover
