#pragma once

#include <cstddef>
#include <cstdint>

#include "load/plan.h"
#include "traffic/transport.h"

namespace sallyport::bench {

// What an event meant for the session's owner.
enum class Reached {
  kNothing,   // still under way
  kReady,     // connected, handshake done: ask() may be called
  kAnswered,  // the answer is here as a whole: ask() may be called again
  kFailed,    // refused, reset, ended or no answer of the origin's; open() may be called again
};

// The client's end of one connection.
class Session {
 public:
  Session(const Plan& plan, std::size_t number) : plan_(&plan), number_(number) {}

  // Closes what was open and connects anew, watched by `epoll` with this as tag. False when the system refuses.
  bool open(const base::Descriptor& epoll);
  void close() { transport_ = Transport(); }
  // Ends the connection by a reset, which leaves nothing behind in the kernel.
  void abort();
  // Sends the request; its answer comes by an event, and never at once.
  bool ask();
  Reached on_event(std::uint32_t events);

  std::size_t number() const { return number_; }
  // Since it was made, requests and answers alone.
  std::uint64_t bytes() const { return bytes_; }

  // The owner's notes: when what is under way was due, and whether something is.
  Clock::time_point due{};
  bool is_busy = false;

 private:
  enum class State { kConnecting, kHandshake, kSendHello, kAwaitFlight, kReady, kAsking, kAwaitAnswer };

  Step connected();
  Step send(State next);
  Step await_flight();
  Step await_answer();

  const Plan* plan_;
  const Server* server_ = nullptr;
  std::size_t opened_ = 0;
  std::size_t number_;
  Transport transport_;
  State state_ = State::kConnecting;
  const char* sending_ = nullptr;
  std::size_t to_send_ = 0;
  std::size_t to_come_ = 0;
  std::uint64_t bytes_ = 0;
};

}  // namespace sallyport::bench
