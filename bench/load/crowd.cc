#include "load/crowd.h"

#include <ctime>

#include "traffic/sockets.h"

namespace sallyport::bench {

Crowd::Crowd(const Plan& plan, Share share) {
  for (std::size_t i = 0; i < share.count; ++i)
    sessions_.emplace_back(plan, share.first + i);
}

base::Status Crowd::prepare() {
  auto epoll = make_epoll();
  if (!epoll) return base::fail(epoll.error());
  epoll_ = std::move(*epoll);
  return {};
}

std::span<const epoll_event> Crowd::wait(Clock::time_point until) {
  const auto left = std::chrono::nanoseconds(std::max(until - Clock::now(), Clock::duration::zero()));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
  const timespec time{.tv_sec = seconds.count(), .tv_nsec = (left - seconds).count()};
  const int count = ::epoll_pwait2(epoll_.get(), events_.data(), static_cast<int>(events_.size()), &time, nullptr);
  return {events_.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

std::size_t Crowd::open_all(Clock::duration at_most, bool asks) {
  const Clock::time_point deadline = Clock::now() + at_most;
  std::size_t opened = 0;
  std::size_t done = 0;
  std::size_t failed = 0;
  while (done + failed < sessions_.size() && Clock::now() < deadline) {
    while (opened < sessions_.size() && opened - done - failed < kOpening) {
      if (!open(sessions_[opened++])) ++failed;
    }
    for (const epoll_event& event : wait(deadline)) {
      Session& session = session_of(event);
      const Reached reached = session.on_event(event.events);
      if (reached == Reached::kFailed || (reached == Reached::kReady && asks && !session.ask())) {
        session.close();
        ++failed;
      } else if (reached == (asks ? Reached::kAnswered : Reached::kReady)) {
        ++done;
      }
    }
  }
  return sessions_.size() - done;
}

std::uint64_t Crowd::bytes() const {
  std::uint64_t sum = 0;
  for (const Session& session : sessions_)
    sum += session.bytes();
  return sum;
}

}  // namespace sallyport::bench
