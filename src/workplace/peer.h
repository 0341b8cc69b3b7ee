#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace sallyport::workplace {

// The browser's end of a terminal, whatever carries it. All on one strand. One read runs at a time; texts, output and
// pings may be sent while it does and wait for each other.
class Peer {
 public:
  struct Message {
    bool text = false;
    std::string bytes;
  };

  virtual ~Peer() = default;
  // Nothing once the peer has closed or is gone. At most kWorkplaceMessageBytes; more is the end of it.
  virtual boost::asio::awaitable<std::optional<Message>> read() = 0;
  // False, here and below: the peer is gone.
  virtual boost::asio::awaitable<bool> send_text(std::string text) = 0;
  virtual boost::asio::awaitable<bool> send_output(std::span<const std::uint8_t> bytes) = 0;
  virtual boost::asio::awaitable<bool> ping() = 0;
  // Closes in order, for at most kWorkplaceEndTime; then there is nothing left of it. `read` ends too.
  virtual boost::asio::awaitable<void> close(std::uint16_t code) = 0;
  // At once: whatever runs ends.
  virtual void abort() = 0;
  // Of answers to pings; `read` tells of messages by itself.
  virtual bool answered() = 0;  // since the last call
};

}  // namespace sallyport::workplace
