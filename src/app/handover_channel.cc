#include "app/handover_channel.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <span>
#include <system_error>

#include "app/data_dir.h"
#include "base/limits.h"

namespace sallyport::app::handover {

namespace {

using base::ErrorKind;
using base::fail;
using Steady = std::chrono::steady_clock;

std::string reason(int error) { return std::generic_category().message(error); }

auto failed(const std::string& doing) {
  return fail(ErrorKind::kUnavailable, "handover: cannot " + doing + ": " + reason(errno));
}

auto gone() { return fail(ErrorKind::kNotFound, "handover: the other end of the connection is closed"); }

struct Address {
  sockaddr_un native{};
  SocketPath path;  // keeps a long path short

  static base::Result<Address> of(const std::string& path) {
    auto fitting = SocketPath::of(path);
    if (!fitting) return fail(fitting.error());
    Address address;
    address.native.sun_family = AF_UNIX;
    address.path = *std::move(fitting);
    std::ranges::copy(address.path.str(), address.native.sun_path);
    return address;
  }
  const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&native); }
};

base::Descriptor make_socket() { return base::Descriptor(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)); }

// A peer that reads no more, or a listener whose queue is full, would make us wait without an end.
void bound_sending(const base::Descriptor& socket) {
  const timeval patience{.tv_sec = std::chrono::seconds(base::limits::kHandoverAnswerTime).count(), .tv_usec = 0};
  (void)::setsockopt(socket.get(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
}

int left_until(Steady::time_point deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Steady::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, INT32_MAX));
}

constexpr std::size_t kControlBytes = CMSG_SPACE(base::limits::kHandoverDescriptorsPerMessage * sizeof(int));

std::vector<base::Descriptor> take_descriptors(msghdr& header) {
  std::vector<base::Descriptor> taken;
  for (cmsghdr* part = CMSG_FIRSTHDR(&header); part != nullptr; part = CMSG_NXTHDR(&header, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    std::vector<int> numbers((part->cmsg_len - CMSG_LEN(0)) / sizeof(int));
    std::memcpy(numbers.data(), CMSG_DATA(part), numbers.size() * sizeof(int));
    for (const int number : numbers)
      taken.emplace_back(number);
  }
  return taken;
}

}  // namespace

base::Result<Peer> Peer::of(pid_t pid) {
  Peer peer;
  peer.pid_ = pid;
  peer.handle_ = base::Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (!peer.handle_.valid() && errno == ESRCH) {
    return fail(ErrorKind::kNotFound, "handover: process " + std::to_string(pid) + " has ended");
  }
  if (!peer.handle_.valid()) return failed("watch process " + std::to_string(pid));
  return peer;
}

bool Peer::ended_within(std::chrono::milliseconds time) const {
  const auto deadline = Steady::now() + time;
  pollfd handle{.fd = handle_.get(), .events = POLLIN, .revents = 0};
  while (true) {
    const int ready = ::poll(&handle, 1, left_until(deadline));
    if (ready > 0) return (handle.revents & POLLIN) != 0;
    if (ready == 0 || errno != EINTR) return false;
  }
}

void Peer::kill() const { (void)::syscall(SYS_pidfd_send_signal, handle_.get(), SIGKILL, nullptr, 0); }

base::Result<Channel> Channel::with_known_peer(base::Descriptor socket) {
  ucred credentials{};
  socklen_t size = sizeof(credentials);
  if (::getsockopt(socket.get(), SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) return failed("know the peer");
  if (credentials.uid != ::geteuid() && credentials.uid != 0) {
    return fail(ErrorKind::kAccessDenied,
                "handover: process " + std::to_string(credentials.pid) + " belongs to another user");
  }
  auto peer = Peer::of(credentials.pid);
  if (!peer) return fail(peer.error());
  // While its end of the socket is open it lives, and the handle is of no later process.
  pollfd hung_up{.fd = socket.get(), .events = 0, .revents = 0};
  if (::poll(&hung_up, 1, 0) < 0 || (hung_up.revents & POLLHUP) != 0) {
    const bool ended = peer->ended_within(base::limits::kHandoverEndTime);
    return fail(ended ? ErrorKind::kNotFound : ErrorKind::kUnavailable, "handover: the other process is gone");
  }
  return Channel(std::move(socket), *std::move(peer));
}

base::Result<std::optional<Channel>> Channel::connect(const std::string& path) {
  const auto address = Address::of(path);
  if (!address) return fail(address.error());
  base::Descriptor socket = make_socket();
  if (!socket.valid()) return failed("make a socket");
  bound_sending(socket);
  if (::connect(socket.get(), address->get(), sizeof(sockaddr_un)) != 0) {
    if (errno == ENOENT || errno == ECONNREFUSED) return std::optional<Channel>();
    return failed("connect to " + path);
  }
  auto channel = with_known_peer(std::move(socket));
  if (!channel && channel.error().kind == ErrorKind::kNotFound) return std::nullopt;
  if (!channel) return fail(channel.error());
  return std::optional<Channel>(*std::move(channel));
}

base::Result<Channel> Channel::accept(int listener) {
  base::Descriptor socket(::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC));
  if (!socket.valid()) return failed("accept a connection");
  bound_sending(socket);
  return with_known_peer(std::move(socket));
}

base::Status Channel::send(const Message& message, const std::vector<int>& descriptors) const {
  std::vector<std::uint8_t> bytes = encode(message);
  iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
  alignas(cmsghdr) std::array<std::uint8_t, kControlBytes> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  if (!descriptors.empty()) {
    header.msg_control = control.data();
    header.msg_controllen = CMSG_SPACE(descriptors.size() * sizeof(int));
    cmsghdr* rights = CMSG_FIRSTHDR(&header);
    rights->cmsg_level = SOL_SOCKET;
    rights->cmsg_type = SCM_RIGHTS;
    rights->cmsg_len = CMSG_LEN(descriptors.size() * sizeof(int));
    std::memcpy(CMSG_DATA(rights), descriptors.data(), descriptors.size() * sizeof(int));
  }
  while (::sendmsg(socket_.get(), &header, MSG_NOSIGNAL) < 0) {
    if (errno == EPIPE || errno == ECONNRESET) return gone();
    if (errno != EINTR) return failed("write to the other process");
  }
  return {};
}

base::Result<Received> Channel::receive(std::chrono::milliseconds time, int interrupt) const {
  const auto deadline = Steady::now() + time;
  std::array<pollfd, 2> ready{pollfd{.fd = socket_.get(), .events = POLLIN, .revents = 0},
                              pollfd{.fd = interrupt, .events = POLLIN, .revents = 0}};
  while (true) {
    const int count = ::poll(ready.data(), ready.size(), left_until(deadline));
    if (count == 0) return fail(ErrorKind::kUnavailable, "handover: the other process does not answer");
    if (count < 0 && errno != EINTR) return failed("wait for the other process");
    if (count > 0 && ready[1].revents != 0) return fail(ErrorKind::kUnavailable, "handover: interrupted");
    if (count > 0) break;
  }
  std::vector<std::uint8_t> bytes(base::limits::kHandoverMessageBytes);
  iovec part{.iov_base = bytes.data(), .iov_len = bytes.size()};
  alignas(cmsghdr) std::array<std::uint8_t, kControlBytes> control{};
  msghdr header{};
  header.msg_iov = &part;
  header.msg_iovlen = 1;
  header.msg_control = control.data();
  header.msg_controllen = control.size();
  const ssize_t got = ::recvmsg(socket_.get(), &header, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
  if (got < 0 && errno == ECONNRESET) return gone();
  if (got < 0) return failed("read from the other process");
  auto descriptors = take_descriptors(header);
  if (got == 0) return gone();
  if ((header.msg_flags & MSG_TRUNC) != 0) return fail(ErrorKind::kCorrupt, "handover: too long a message");
  if ((header.msg_flags & MSG_CTRUNC) != 0) {
    return fail(ErrorKind::kLimitExceeded,
                "handover: not every descriptor could be received; raise the limit of open files (LimitNOFILE)");
  }
  auto message = decode(std::span(bytes).first(static_cast<std::size_t>(got)));
  if (!message) return fail(message.error());
  return Received{*std::move(message), std::move(descriptors)};
}

tl::unexpected<base::Error> Channel::refusal(const Message& message) {
  if (const auto* refused = std::get_if<Refused>(&message)) return fail(ErrorKind::kInvalidRequest, refused->why);
  return fail(ErrorKind::kCorrupt, "handover: the other process spoke out of turn");
}

base::Result<Door> Door::open(const std::string& path) {
  const auto address = Address::of(path);
  if (!address) return fail(address.error());
  auto present = Channel::connect(path);
  if (!present) return fail(present.error());
  if (*present)
    return fail(ErrorKind::kInUse, "process " + std::to_string((*present)->peer().pid()) + " serves " + path);
  ::unlink(address->path.str().c_str());
  base::Descriptor socket = make_socket();
  // On Linux bind(2) makes the file with the mode the socket itself has, less the umask.
  if (!socket.valid() || ::fchmod(socket.get(), S_IRUSR | S_IWUSR) != 0 ||
      ::bind(socket.get(), address->get(), sizeof(sockaddr_un)) != 0 || ::listen(socket.get(), 1) != 0) {
    return failed("listen on " + path);
  }
  return Door(path, std::move(socket));
}

Door& Door::operator=(Door&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(socket_, other.socket_);
  return *this;
}

Door::~Door() {
  // The name first: once the socket is closed, another process may take it.
  if (socket_.valid()) ::unlink(path_.c_str());
}

}  // namespace sallyport::app::handover
