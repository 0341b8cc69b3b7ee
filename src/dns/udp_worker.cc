#include "dns/udp_worker.h"

#include <spdlog/spdlog.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <exception>
#include <string>
#include <system_error>
#include <utility>

namespace sallyport::dns {

namespace {

constexpr std::uint64_t kWakeTag = UINT64_MAX;
constexpr int kEvents = 64;

tl::unexpected<base::Error> cannot_start() {
  return base::fail(base::ErrorKind::kInternal,
                    "dns: cannot start a UDP worker: " + std::system_category().message(errno), "dns");
}

bool watch(const base::Descriptor& epoll, int descriptor, std::uint64_t tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  return ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, descriptor, &event) == 0;
}

}  // namespace

base::Result<std::unique_ptr<UdpWorker>> UdpWorker::start(std::vector<Listening> sockets, bool reading,
                                                          const Responder& responder, Forwarder& forwarder,
                                                          Counters& counters) {
  std::unique_ptr<UdpWorker> worker(new UdpWorker(responder, forwarder, counters));
  if (auto opened = worker->open(sockets, reading); !opened) return base::fail(opened.error());
  worker->thread_ = std::thread([raw = worker.get()] { raw->run(); });
  return worker;
}

UdpWorker::~UdpWorker() {
  if (!thread_.joinable()) return;
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake();
  thread_.join();
}

base::Status UdpWorker::open(std::vector<Listening>& sockets, bool reading) {
  epoll_ = base::Descriptor(::epoll_create1(EPOLL_CLOEXEC));
  wake_ = base::Descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (epoll_.get() < 0 || wake_.get() < 0 || !watch(epoll_, wake_.get(), kWakeTag)) return cannot_start();
  for (auto& [socket, listener] : sockets) {
    sockets_.push_back(std::make_shared<const UdpSocket>(std::move(socket)));
    listeners_.push_back(listener);
  }
  if (reading) begin();
  return {};
}

void UdpWorker::begin() {
  for (std::size_t i = 0; i < sockets_.size(); ++i) {
    if (watch(epoll_, sockets_[i]->descriptor(), i)) continue;
    spdlog::error("dns: a UDP socket cannot be watched: {}", std::system_category().message(errno));
  }
}

void UdpWorker::release() {
  std::future<void> released;
  {
    const std::lock_guard lock(mutex_);
    released = release_asked_.emplace().get_future();
  }
  wake();
  released.wait();
}

void UdpWorker::stop_reading(std::promise<void>& asked) {
  released_ = true;
  for (const auto& socket : sockets_)
    (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket->descriptor(), nullptr);
  asked.set_value();
}

void UdpWorker::hand_over(const std::vector<std::string>& names, base::NamedDescriptors& to) const {
  for (std::size_t i = 0; i < sockets_.size(); ++i)
    to.add(names[listeners_[i]], base::Descriptor::duplicate(sockets_[i]->descriptor()));
}

void UdpWorker::wake() const {
  const std::uint64_t one = 1;
  // Fails only when the counter is full, and then the worker is awake already.
  [[maybe_unused]] const auto written = ::write(wake_.get(), &one, sizeof one);
}

void UdpWorker::deliver(Delivery delivery) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(std::move(delivery));
  }
  wake();
}

bool UdpWorker::take_deliveries() {
  std::uint64_t count = 0;
  [[maybe_unused]] const auto got = ::read(wake_.get(), &count, sizeof count);
  std::vector<Delivery> taken;
  std::optional<std::promise<void>> release;
  {
    const std::lock_guard lock(mutex_);
    if (stopping_) return false;
    taken.swap(waiting_);
    release.swap(release_asked_);
  }
  if (release) stop_reading(*release);
  if (taken.empty()) return true;
  quick_.serve(taken.back().served);
  for (const Delivery& delivery : taken)
    delivery.rollout->arrived();
  return true;
}

void UdpWorker::run() {
  std::array<epoll_event, kEvents> events{};
  for (;;) {
    const int ready = ::epoll_wait(epoll_.get(), events.data(), kEvents, -1);
    for (int i = 0; i < ready; ++i) {
      const std::uint64_t tag = events[static_cast<std::size_t>(i)].data.u64;
      if (tag != kWakeTag) {
        if (released_) continue;  // ready, but a successor's by now
        try {
          serve(static_cast<std::size_t>(tag));
        } catch (const std::exception&) {
          // Out of memory: this batch goes unanswered, as if lost on the way.
          Counters::bump(counters_.udp_send_failures);
        }
      } else if (!take_deliveries()) {
        return;
      }
    }
  }
}

// One batch: a flood at one address must not keep the worker from the others, nor from a new snapshot.
void UdpWorker::serve(std::size_t index) {
  const UdpSocket& socket = *sockets_[index];
  batch_.receive(socket);
  for (std::size_t i = 0; i < batch_.size(); ++i)
    answer(index, i);
  counters_.add(tally_, counters_.queries_udp);
  const std::size_t failures = batch_.send_replies(socket);
  if (failures != 0) counters_.udp_send_failures.fetch_add(failures, std::memory_order_relaxed);
}

void UdpWorker::answer(std::size_t index, std::size_t place) {
  const std::size_t listener = listeners_[index];
  const base::IpAddress client = batch_.client(place);
  const auto message = batch_.message(place);
  if (const auto ready = responder_.ready(quick_, listener, client, message, Transport::kUdp, tally_)) {
    ready->write(batch_.reply(place, ready->size()));
    return;
  }
  Response response = responder_.respond(quick_.served(), listener, client, message, Transport::kUdp);
  if (const auto* bytes = std::get_if<Bytes>(&response)) {
    std::ranges::copy(*bytes, batch_.reply(place, bytes->size()).begin());
  } else if (auto* forwarding = std::get_if<Forwarding>(&response)) {
    forward(index, batch_.peer(place), std::move(*forwarding));
  }
}

void UdpWorker::forward(std::size_t index, const Peer& peer, Forwarding forwarding) {
  const Responder& responder = responder_;
  Counters& counters = counters_;
  forwarder_.submit(std::move(forwarding), [&responder, &counters, peer, socket = sockets_[index]](
                                               const Forwarding& asked, const std::optional<wire::DnsReply>& reply) {
    if (!socket->send(peer, responder.finish(asked, reply))) Counters::bump(counters.udp_send_failures);
  });
}

}  // namespace sallyport::dns
