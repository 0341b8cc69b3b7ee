#pragma once

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstddef>
#include <deque>
#include <functional>
#include <span>

#include "load/outcome.h"
#include "load/session.h"

namespace sallyport::bench {

// The sessions of one thread and their events.
class Crowd {
 public:
  Crowd(const Plan& plan, Share share);

  base::Status prepare();
  // Waits for events until `until`, at most. Each event's session is in one of them.
  std::span<const epoll_event> wait(Clock::time_point until);
  static Session& session_of(const epoll_event& event) { return *static_cast<Session*>(event.data.ptr); }
  bool open(Session& session) { return session.open(epoll_); }
  // Opens all, a few at once, and has each ready; with `asks`, answered once too. Says how many could not be.
  std::size_t open_all(Clock::duration at_most, bool asks);

  std::deque<Session>& sessions() { return sessions_; }
  std::uint64_t bytes() const;

 private:
  base::Descriptor epoll_;
  std::deque<Session> sessions_;
  std::array<epoll_event, 256> events_{};
};

}  // namespace sallyport::bench
