#include "origin/peer.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

namespace sallyport::bench {
namespace {

constexpr std::size_t kRecordHeadBytes = 5;

// The whole size of a TLS record by its head.
std::size_t record_size(const char* head) {
  const auto high = static_cast<unsigned char>(head[3]);
  const auto low = static_cast<unsigned char>(head[4]);
  return kRecordHeadBytes + (static_cast<std::size_t>(high) << 8U) + low;
}

}  // namespace

const std::string* Answers::of_size(std::size_t bytes) {
  const auto found = texts_.find(bytes);
  if (found != texts_.end()) return &found->second;
  if (texts_.size() == kKept) return nullptr;
  return &texts_.emplace(bytes, make_answer(bytes)).first->second;
}

Peer::Peer(Transport transport, bool has_tls)
    : transport_(std::move(transport)), state_(has_tls ? State::kHandshake : State::kHello) {}

bool Peer::advance(Answers& answers, bool hung_up) {
  transport_.woken(hung_up);
  for (;;) {
    Step step = Step::kDone;
    switch (state_) {
      case State::kHandshake:
        step = transport_.handshake();
        if (step == Step::kDone) state_ = State::kRequest;
        break;
      case State::kHello: step = on_hello(); break;
      case State::kRequest: step = on_head(answers); break;
      case State::kBody: step = on_body(); break;
      case State::kAnswer: step = on_answer(); break;
    }
    if (step != Step::kDone) return step == Step::kWait;
  }
}

Step Peer::fill() {
  const long got = transport_.read(head_.data() + head_size_, head_.size() - head_size_);
  if (got <= 0) return got == 0 ? Step::kWait : Step::kFailed;
  head_size_ += static_cast<std::size_t>(got);
  return Step::kDone;
}

void Peer::take(std::size_t bytes) {
  head_size_ -= bytes;
  if (head_size_ > 0) std::memmove(head_.data(), head_.data() + bytes, head_size_);
}

void Peer::answer_with(const std::string& text, std::size_t bytes) {
  answer_ = text.data();
  answer_left_ = bytes;
  state_ = State::kAnswer;
}

Step Peer::on_hello() {
  static const std::string flight(kRawFlightBytes, 's');
  if (head_size_ < kRecordHeadBytes || head_size_ < record_size(head_.data())) {
    if (head_size_ == head_.size()) return Step::kFailed;
    return fill();
  }
  take(record_size(head_.data()));
  answer_with(flight, flight.size());
  return Step::kDone;
}

Step Peer::on_head(Answers& answers) {
  RequestHead head;
  const HeadState read =
      head_size_ == 0 ? HeadState::kIncomplete : read_request_head(std::string_view(head_.data(), head_size_), head);
  if (read == HeadState::kBroken) return Step::kFailed;
  if (read == HeadState::kIncomplete) return fill();
  next_answer_ = answers.of_size(head.answer_bytes);
  if (next_answer_ == nullptr) return Step::kFailed;
  const std::size_t here = std::min(head_size_ - head.head_bytes, head.body_bytes);
  take(head.head_bytes + here);
  body_left_ = head.body_bytes - here;
  state_ = State::kBody;
  return Step::kDone;
}

Step Peer::on_body() {
  if (body_left_ > 0) {
    const long got = transport_.skip(body_left_);
    if (got <= 0) return got == 0 ? Step::kWait : Step::kFailed;
    body_left_ -= static_cast<std::size_t>(got);
    return Step::kDone;
  }
  answer_with(*next_answer_, next_answer_->size());
  return Step::kDone;
}

Step Peer::on_answer() {
  const long sent = transport_.write(answer_, answer_left_);
  if (sent <= 0) return sent == 0 ? Step::kWait : Step::kFailed;
  answer_ += sent;
  answer_left_ -= static_cast<std::size_t>(sent);
  if (answer_left_ == 0) state_ = State::kRequest;
  return Step::kDone;
}

}  // namespace sallyport::bench
