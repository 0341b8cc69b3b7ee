#include "app/relay_keeper.h"

#include <poll.h>
#include <spdlog/spdlog.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <variant>

#include "base/limits.h"

namespace sallyport::app::handover {

namespace limits = base::limits;

base::Result<std::unique_ptr<RelayKeeper>> RelayKeeper::open(const std::string& path, gateway::Succession& gateway,
                                                             std::function<std::uint64_t()> left,
                                                             std::function<void()> leave) {
  auto door = Door::open(path);
  if (!door) return base::fail(door.error());
  base::Descriptor stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (!stop.valid()) return base::fail(base::ErrorKind::kUnavailable, "handover: no descriptor to spare");
  return std::unique_ptr<RelayKeeper>(
      new RelayKeeper(*std::move(door), std::move(stop), gateway, std::move(left), std::move(leave)));
}

RelayKeeper::RelayKeeper(Door door, base::Descriptor stop, gateway::Succession& gateway,
                         std::function<std::uint64_t()> left, std::function<void()> leave)
    : door_(std::move(door)),
      stop_(std::move(stop)),
      gateway_(gateway),
      left_(std::move(left)),
      leave_(std::move(leave)),
      thread_([this] { run(); }) {}

RelayKeeper::~RelayKeeper() {
  (void)::eventfd_write(stop_.get(), 1);
  thread_.join();
}

void RelayKeeper::run() {
  std::optional<Channel> channel;
  while (true) {
    std::array<pollfd, 3> ready{pollfd{.fd = stop_.get(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = door_.descriptor(), .events = POLLIN, .revents = 0},
                                pollfd{.fd = channel ? channel->descriptor() : -1, .events = POLLIN, .revents = 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0 && errno != EINTR) return;
    if (ready[0].revents != 0) return;
    if (ready[2].revents != 0 && !answer(*channel)) channel.reset();
    if (ready[1].revents == 0) continue;
    auto another = Channel::accept(door_.descriptor());
    if (another) {
      channel.emplace(*std::move(another));
    } else {
      spdlog::warn("{}", another.error().message);
    }
  }
}

bool RelayKeeper::answer(const Channel& channel) {
  const auto received = channel.receive(limits::kHandoverAnswerTime);
  if (!received) return false;
  if (std::holds_alternative<AskRelays>(received->message)) return tell_relays(channel).has_value();
  if (const auto* cut = std::get_if<Cut>(&received->message)) {
    const std::uint64_t count = cut->ids.empty() ? 0 : gateway_.cut(cut->ids);
    if (count > 0) spdlog::info("process {} had {} connections cut", channel.peer().pid(), count);
    return channel.send(CutDone{count, left_()}).has_value();
  }
  if (!std::holds_alternative<Leave>(received->message)) return false;
  leave_();
  return true;
}

base::Status RelayKeeper::tell_relays(const Channel& channel) const {
  const std::vector<gateway::Relay> all = gateway_.relays();
  std::size_t next = 0;
  do {
    const std::size_t end = std::min(all.size(), next + limits::kHandoverRelays);
    const auto first = all.begin();
    const Relays part{{first + static_cast<std::ptrdiff_t>(next), first + static_cast<std::ptrdiff_t>(end)},
                      end < all.size()};
    if (auto sent = channel.send(part); !sent) return sent;
    next = end;
  } while (next < all.size());
  return {};
}

}  // namespace sallyport::app::handover
