#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <string>

#include "traffic/message.h"
#include "traffic/transport.h"

namespace sallyport::bench {

// Answers by size, made once. At most kKept of them; a request for one more is refused.
class Answers {
 public:
  // Null when there is no room for it. Valid as long as this is.
  const std::string* of_size(std::size_t bytes);

 private:
  static constexpr std::size_t kKept = 16;
  std::map<std::size_t, std::string> texts_;
};

// The origin's end of one connection. In the clear it starts with a ClientHello, which gets kRawFlightBytes; from then
// on requests get their answers, one at a time.
class Peer {
 public:
  Peer(Transport transport, bool has_tls);
  // Does what can be done at this event. False when the connection is over.
  bool advance(Answers& answers, bool hung_up);

 private:
  enum class State { kHandshake, kHello, kRequest, kBody, kAnswer };

  Step on_hello();
  Step on_head(Answers& answers);
  Step on_body();
  Step on_answer();
  Step fill();
  void take(std::size_t bytes);
  void answer_with(const std::string& text, std::size_t bytes);

  Transport transport_;
  State state_;
  // What has come of a ClientHello or of a request's head.
  std::array<char, kMaxHeadBytes> head_;
  std::size_t head_size_ = 0;
  std::size_t body_left_ = 0;
  const char* answer_ = nullptr;
  std::size_t answer_left_ = 0;
  const std::string* next_answer_ = nullptr;
};

}  // namespace sallyport::bench
