#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

// What load and origin say to each other: HTTP/1.1 with keep-alive, within TLS or, in raw mode, behind a ClientHello in
// the clear. Request and answer have the sizes asked for to the byte, head and body together.
namespace sallyport::bench {

// What the origin sends for a ClientHello in raw mode: about what a server's first flight of TLS 1.3 takes.
inline constexpr std::size_t kRawFlightBytes = 1'000;
inline constexpr std::size_t kMaxMessageBytes = 64 * 1024 * 1024;
inline constexpr std::size_t kMinMessageBytes = 160;
inline constexpr std::size_t kMaxHeadBytes = 4 * 1024;

// A request of `bytes` for an answer of `answer_bytes`: a GET padded by a header up to kMaxHeadBytes, past that a POST
// with a body. Both sizes are kMinMessageBytes to kMaxMessageBytes.
std::string make_request(std::string_view host, std::size_t bytes, std::size_t answer_bytes);
std::string make_answer(std::size_t bytes);

struct RequestHead {
  std::size_t head_bytes = 0;
  std::size_t body_bytes = 0;
  std::size_t answer_bytes = 0;
};

enum class HeadState { kIncomplete, kComplete, kBroken };
// Reads the head at the start of `text`; `head` is set where it is complete.
HeadState read_request_head(std::string_view text, RequestHead& head);

// Whether `text` starts as make_answer's does, as far as it goes.
bool starts_as_answer(std::string_view text);

}  // namespace sallyport::bench
