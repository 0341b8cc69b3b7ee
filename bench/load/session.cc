#include "load/session.h"

#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "traffic/message.h"
#include "traffic/sockets.h"

namespace sallyport::bench {

bool Session::open(const base::Descriptor& epoll) {
  close();
  auto socket = connect_from(plan_->source(number_), plan_->target);
  if (!socket) return false;
  const int number = socket->get();
  server_ = &plan_->servers[(number_ + opened_++ * plan_->connections) % plan_->servers.size()];
  transport_ =
      plan_->has_tls ? Transport(std::move(*socket), *plan_->tls, &server_->name) : Transport(std::move(*socket));
  state_ = State::kConnecting;
  return watch(epoll, number, this).has_value();
}

void Session::abort() {
  if (!transport_.is_open()) return;
  reset_on_close(transport_.socket());
  close();
}

bool Session::ask() {
  sending_ = server_->request.data();
  to_send_ = server_->request.size();
  to_come_ = plan_->answer_bytes;
  state_ = State::kAsking;
  return send(State::kAwaitAnswer) != Step::kFailed;
}

Reached Session::on_event(std::uint32_t events) {
  if (!transport_.is_open()) return Reached::kNothing;
  transport_.woken((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
  for (;;) {
    Step step = Step::kDone;
    switch (state_) {
      case State::kConnecting:
        step = (events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) != 0 ? connected() : Step::kWait;
        break;
      case State::kHandshake:
        step = transport_.handshake();
        if (step == Step::kDone) {
          state_ = State::kReady;
          return Reached::kReady;
        }
        break;
      case State::kSendHello: step = send(State::kAwaitFlight); break;
      case State::kAwaitFlight:
        step = await_flight();
        if (step == Step::kDone && to_come_ == 0) {
          state_ = State::kReady;
          return Reached::kReady;
        }
        break;
      case State::kReady:
        // Nothing is due now: only the end can come.
        step = (events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0 ? Step::kFailed : Step::kWait;
        break;
      case State::kAsking: step = send(State::kAwaitAnswer); break;
      case State::kAwaitAnswer:
        step = await_answer();
        if (step == Step::kDone && to_come_ == 0) {
          state_ = State::kReady;
          return Reached::kAnswered;
        }
        break;
    }
    if (step == Step::kWait) return Reached::kNothing;
    if (step == Step::kFailed) return Reached::kFailed;
  }
}

Step Session::connected() {
  if (connect_error(transport_.socket()) != 0) return Step::kFailed;
  if (plan_->has_tls) {
    state_ = State::kHandshake;
    return Step::kDone;
  }
  sending_ = server_->hello.data();
  to_send_ = server_->hello.size();
  to_come_ = kRawFlightBytes;
  state_ = State::kSendHello;
  return Step::kDone;
}

Step Session::send(State next) {
  while (to_send_ > 0) {
    const long sent = transport_.write(sending_, to_send_);
    if (sent <= 0) return sent == 0 ? Step::kWait : Step::kFailed;
    sending_ += sent;
    to_send_ -= static_cast<std::size_t>(sent);
    if (next == State::kAwaitAnswer) bytes_ += static_cast<std::uint64_t>(sent);
  }
  state_ = next;
  return Step::kDone;
}

Step Session::await_flight() {
  const long got = transport_.skip(to_come_);
  if (got <= 0) return got == 0 ? Step::kWait : Step::kFailed;
  to_come_ -= static_cast<std::size_t>(got);
  return Step::kDone;
}

Step Session::await_answer() {
  // The first bytes tell that it is the origin who answers; the rest is counted.
  static thread_local std::array<char, 16 * 1024> start;
  const bool is_first = to_come_ == plan_->answer_bytes;
  const long got =
      is_first ? transport_.read(start.data(), std::min(start.size(), to_come_)) : transport_.skip(to_come_);
  if (got <= 0) return got == 0 ? Step::kWait : Step::kFailed;
  const auto size = static_cast<std::size_t>(got);
  if (is_first && !starts_as_answer(std::string_view(start.data(), size))) return Step::kFailed;
  to_come_ -= size;
  bytes_ += size;
  return Step::kDone;
}

}  // namespace sallyport::bench
