#include "app/successor.h"

#include <spdlog/spdlog.h>

#include <utility>
#include <variant>

#include "base/limits.h"

namespace sallyport::app::handover {

namespace {

namespace limits = base::limits;
using base::fail;

base::Result<base::NamedDescriptors> receive_offer(const Channel& channel) {
  base::NamedDescriptors handed;
  while (true) {
    auto received = channel.receive(limits::kHandoverAnswerTime);
    if (!received) return fail(received.error());
    auto* part = std::get_if<Offered>(&received->message);
    if (part == nullptr) return Channel::refusal(received->message);
    if (part->names.size() != received->descriptors.size() ||
        handed.entries().size() + part->names.size() > limits::kHandoverDescriptors) {
      return fail(base::ErrorKind::kCorrupt, "handover: other descriptors came than were named");
    }
    for (std::size_t i = 0; i < part->names.size(); ++i)
      handed.add(std::move(part->names[i]), std::move(received->descriptors[i]));
    if (!part->more) return handed;
  }
}

}  // namespace

base::Result<std::optional<Successor>> Successor::ask(const std::string& path) {
  auto channel = Channel::connect(path);
  if (!channel) return fail(channel.error());
  if (!*channel) return std::optional<Successor>();
  if (const auto sent = (*channel)->send(Take{}); !sent) return fail(sent.error());
  auto handed = receive_offer(**channel);
  if (!handed) return fail(handed.error());
  spdlog::info("taking over from process {}, {} open files", (*channel)->peer().pid(), handed->entries().size());
  return std::optional<Successor>(Successor(*std::move(*channel), *std::move(handed)));
}

base::Status Successor::wait_for_the_store() const {
  const auto yielded = channel_.expect<Yielded>(limits::kHandoverYieldTime);
  if (yielded) return {};
  // Dead, it has let go of everything as well.
  const bool refused = yielded.error().kind == base::ErrorKind::kInvalidRequest;
  if (!refused && channel_.peer().ended_within(limits::kHandoverEndTime)) {
    spdlog::warn("process {} died while it handed over", channel_.peer().pid());
    return {};
  }
  return fail(yielded.error());
}

std::vector<gateway::Stranger> Successor::serve() const {
  std::vector<gateway::Stranger> strangers;
  base::Status going = channel_.send(Serving{});
  while (going) {
    auto received = channel_.receive(limits::kHandoverAnswerTime);
    if (!received) {
      going = fail(received.error());
    } else if (auto* passed = std::get_if<Passed>(&received->message);
               passed != nullptr && !received->descriptors.empty()) {
      strangers.push_back({.socket = std::move(received->descriptors.front()),
                           .listener = std::move(passed->listener),
                           .source = passed->source,
                           .proxy_header_due = passed->proxy_header_due,
                           .received = std::move(passed->received)});
    } else if (std::holds_alternative<Released>(received->message)) {
      return strangers;
    } else {
      going = Channel::refusal(received->message);
    }
  }
  spdlog::error("process {} did not complete the handover: {}", channel_.peer().pid(), going.error().message);
  // Two processes must not decide who is admitted.
  while (!channel_.peer().ended_within(limits::kHandoverEndTime)) {
    spdlog::warn("process {} does not end by itself and is killed", channel_.peer().pid());
    channel_.peer().kill();
  }
  return strangers;
}

}  // namespace sallyport::app::handover
