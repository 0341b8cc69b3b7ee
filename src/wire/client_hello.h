#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::wire {

// Reads the start of a TLS stream up to the end of its ClientHello (RFC 8446 sections 4.1.2 and 5.1) and
// takes the host name of the server_name extension (RFC 6066 section 3). Bytes may come in pieces of any
// size, and the message may lie over any number of records; each byte is looked at once. A ClientHello
// whose records end past limits::kClientHelloBytes is invalid as soon as a length says so, and at most that
// many bytes are kept. TLS itself is not judged beyond what is needed to find the name. One thread at a time.
class ClientHelloReader {
 public:
  enum class State { kNeedsMore, kComplete, kInvalid };

  // Once complete or invalid, further bytes are ignored and the state stays.
  State feed(std::span<const std::uint8_t> bytes);

  State state() const { return state_; }
  // As the client spelled it: 1 to 255 printable ASCII characters. Nothing before kComplete, and where the
  // ClientHello names no host.
  const std::optional<std::string>& server_name() const { return server_name_; }
  // Why it is invalid, for a log; empty otherwise.
  std::string_view problem() const { return problem_; }

 private:
  State fail(std::string_view problem);
  bool take_record_header(std::uint8_t byte);
  bool take_fragment(std::span<const std::uint8_t> fragment);
  State finish();

  State state_ = State::kNeedsMore;
  std::string_view problem_;
  std::optional<std::string> server_name_;
  std::vector<std::uint8_t> header_;   // of the record being read: type, version, length
  std::size_t record_left_ = 0;        // bytes of its fragment still to come
  std::vector<std::uint8_t> message_;  // the handshake message, without record headers
  std::size_t seen_ = 0;               // bytes of the stream, record headers included
};

}  // namespace sallyport::wire
