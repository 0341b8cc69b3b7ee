#pragma once

#include <sys/socket.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/limits.h"
#include "dns/sockets.h"

namespace sallyport::dns {

// Datagrams received together and the replies to them, sent together: one system call each way. Belongs
// to one thread.
class UdpBatch {
 public:
  static constexpr std::size_t kMessages = 64;
  static constexpr std::size_t kMessageBytes = 4'096;
  static constexpr std::size_t kReplyBytes = base::limits::kDnsUdpAnswerBytes;

  UdpBatch();
  UdpBatch(const UdpBatch&) = delete;
  UdpBatch& operator=(const UdpBatch&) = delete;

  // Takes what waits at the socket, without blocking; forgets what was here before.
  void receive(const UdpSocket& socket);

  std::size_t size() const { return received_; }
  // A datagram that was longer than kMessageBytes is cut to its DNS header.
  std::span<const std::uint8_t> message(std::size_t index) const;
  base::IpAddress client(std::size_t index) const { return slots_[index].peer.address.ip(); }
  const Peer& peer(std::size_t index) const { return slots_[index].peer; }

  // Room of `bytes`, at most kReplyBytes, for the reply to a message, which is sent as it then is. Once a message.
  std::span<std::uint8_t> reply(std::size_t index, std::size_t bytes);
  // Returns how many replies the kernel did not take.
  std::size_t send_replies(const UdpSocket& socket);

 private:
  struct Slot {
    std::array<std::uint8_t, kMessageBytes> bytes;
    std::array<std::uint8_t, kReplyBytes> reply;
    Peer peer;
    iovec in{};
    iovec out{};
  };

  void prepare(std::size_t count, bool with_control);

  std::vector<Slot> slots_;
  std::array<mmsghdr, kMessages> incoming_{};
  std::array<mmsghdr, kMessages> outgoing_{};
  std::size_t received_ = 0;
  std::size_t replies_ = 0;
  bool with_control_ = false;  // as the slots are prepared
};

}  // namespace sallyport::dns
