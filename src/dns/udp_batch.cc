#include "dns/udp_batch.h"

#include <netinet/in.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "wire/dns_types.h"

namespace sallyport::dns {

namespace {

// A reply leaves by whatever interface its route says, not by the one the query came in.
void forget_interface(msghdr& header) {
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != IPPROTO_IP || part->cmsg_type != IP_PKTINFO) continue;
    in_pktinfo info{};
    std::memcpy(&info, CMSG_DATA(part), sizeof info);
    info.ipi_ifindex = 0;
    std::memcpy(CMSG_DATA(part), &info, sizeof info);
  }
}

}  // namespace

UdpBatch::UdpBatch() : slots_(kMessages) {
  for (std::size_t i = 0; i < kMessages; ++i) {
    Slot& slot = slots_[i];
    slot.in = {slot.bytes.data(), slot.bytes.size()};
    slot.out = {slot.reply.data(), 0};
    incoming_[i].msg_hdr.msg_name = &slot.peer.address.storage;
    incoming_[i].msg_hdr.msg_iov = &slot.in;
    incoming_[i].msg_hdr.msg_iovlen = 1;
  }
  prepare(kMessages, false);
}

// Sets anew what the kernel overwrites in the first `count` slots.
void UdpBatch::prepare(std::size_t count, bool with_control) {
  for (std::size_t i = 0; i < count; ++i) {
    Slot& slot = slots_[i];
    msghdr& header = incoming_[i].msg_hdr;
    header.msg_namelen = sizeof slot.peer.address.storage;
    header.msg_control = with_control ? slot.peer.control.data() : nullptr;
    header.msg_controllen = with_control ? slot.peer.control.size() : 0;
  }
  with_control_ = with_control;
}

void UdpBatch::receive(const UdpSocket& socket) {
  prepare(socket.is_wildcard() == with_control_ ? received_ : kMessages, socket.is_wildcard());
  replies_ = 0;
  const int got = ::recvmmsg(socket.descriptor(), incoming_.data(), kMessages, MSG_DONTWAIT, nullptr);
  received_ = got < 0 ? 0 : static_cast<std::size_t>(got);
  for (std::size_t i = 0; i < received_; ++i) {
    msghdr& header = incoming_[i].msg_hdr;
    if (with_control_) forget_interface(header);
    slots_[i].peer.address.size = header.msg_namelen;
    slots_[i].peer.control_size = header.msg_controllen;
  }
}

std::span<const std::uint8_t> UdpBatch::message(std::size_t index) const {
  const mmsghdr& incoming = incoming_[index];
  const bool cut = (incoming.msg_hdr.msg_flags & MSG_TRUNC) != 0;
  return std::span(slots_[index].bytes).first(cut ? wire::kDnsHeaderBytes : incoming.msg_len);
}

std::span<std::uint8_t> UdpBatch::reply(std::size_t index, std::size_t bytes) {
  Slot& slot = slots_[index];
  slot.out.iov_len = bytes;
  msghdr& header = outgoing_[replies_++].msg_hdr;
  header.msg_name = &slot.peer.address.storage;
  header.msg_namelen = slot.peer.address.size;
  header.msg_iov = &slot.out;
  header.msg_iovlen = 1;
  header.msg_control = slot.peer.control_size == 0 ? nullptr : slot.peer.control.data();
  header.msg_controllen = slot.peer.control_size;
  return std::span(slot.reply).first(bytes);
}

std::size_t UdpBatch::send_replies(const UdpSocket& socket) {
  std::size_t failures = 0;
  for (std::size_t sent = 0; sent < replies_;) {
    const int taken = ::sendmmsg(socket.descriptor(), outgoing_.data() + sent, static_cast<unsigned>(replies_ - sent),
                                 MSG_DONTWAIT | MSG_NOSIGNAL);
    if (taken > 0) {
      sent += static_cast<std::size_t>(taken);
      continue;
    }
    if (errno == EINTR) continue;
    ++failures;  // of the first one left; the others may still go
    ++sent;
  }
  replies_ = 0;
  return failures;
}

}  // namespace sallyport::dns
