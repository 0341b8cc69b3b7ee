#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dns/sockets.h"

namespace sallyport::dns {

// Datagrams received together and the replies to them, sent together: one system call each way. Belongs
// to one thread.
class UdpBatch {
 public:
  static constexpr std::size_t kMessages = 32;
  static constexpr std::size_t kMessageBytes = 4'096;

  UdpBatch();
  UdpBatch(const UdpBatch&) = delete;
  UdpBatch& operator=(const UdpBatch&) = delete;

  // Takes what waits at the socket, without blocking; forgets what was here before.
  void receive(const UdpSocket& socket);

  std::size_t size() const { return received_; }
  // A datagram that was longer than kMessageBytes is cut to its DNS header.
  std::span<const std::uint8_t> message(std::size_t index) const;
  Peer peer(std::size_t index) const;

  void reply(std::size_t index, std::vector<std::uint8_t> bytes);
  // Returns how many replies the kernel did not take.
  std::size_t send_replies(const UdpSocket& socket);

 private:
  struct Slot {
    std::array<std::uint8_t, kMessageBytes> bytes;
    Peer peer;
    std::vector<std::uint8_t> reply;
    iovec in{};
    iovec out{};
  };

  std::vector<Slot> slots_;
  std::array<mmsghdr, kMessages> incoming_{};
  std::array<mmsghdr, kMessages> outgoing_{};
  std::size_t received_ = 0;
  std::size_t replies_ = 0;
};

}  // namespace sallyport::dns
