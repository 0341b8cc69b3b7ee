#include "traffic/sockets.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <string>

namespace sallyport::bench {
namespace {

constexpr int kBacklog = 65'535;

tl::unexpected<base::Error> failed(const std::string& what) {
  return base::fail(base::ErrorKind::kUnavailable, what + ": " + std::strerror(errno));
}

sockaddr_in to_sockaddr(const base::SocketAddress& at) {
  sockaddr_in name{};
  name.sin_family = AF_INET;
  name.sin_port = htons(at.port);
  name.sin_addr.s_addr = htonl(at.address.v4_value());
  return name;
}

// sockaddr_in is what the kernel takes a sockaddr for.
const sockaddr* plain(const sockaddr_in& name) { return reinterpret_cast<const sockaddr*>(&name); }

base::Result<base::Descriptor> open_socket() {
  base::Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return failed("socket");
  return socket;
}

}  // namespace

base::Result<base::Descriptor> listen_at(const base::SocketAddress& at) {
  auto socket = open_socket();
  if (!socket) return socket;
  const int on = 1;
  const sockaddr_in name = to_sockaddr(at);
  if (::setsockopt(socket->get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
      ::setsockopt(socket->get(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0 ||
      ::bind(socket->get(), plain(name), sizeof name) != 0 || ::listen(socket->get(), kBacklog) != 0) {
    return failed("listen at " + at.to_string());
  }
  return socket;
}

base::Result<base::Descriptor> connect_from(const base::IpAddress& source, const base::SocketAddress& to) {
  auto socket = open_socket();
  if (!socket) return socket;
  const int on = 1;
  const sockaddr_in local = to_sockaddr({source, 0});
  const sockaddr_in remote = to_sockaddr(to);
  // The port is picked for this very destination, so that 28,000 ports do for each pair of addresses.
  if (::setsockopt(socket->get(), IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof on) != 0 ||
      ::bind(socket->get(), plain(local), sizeof local) != 0) {
    return failed("bind to " + source.to_string());
  }
  send_at_once(socket->get());
  if (::connect(socket->get(), plain(remote), sizeof remote) != 0 && errno != EINPROGRESS) {
    return failed("connect to " + to.to_string());
  }
  return socket;
}

base::Result<base::Descriptor> make_epoll() {
  base::Descriptor epoll(::epoll_create1(EPOLL_CLOEXEC));
  if (!epoll.valid()) return failed("epoll");
  return epoll;
}

base::Status watch(const base::Descriptor& epoll, int socket, void* tag) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLRDHUP | EPOLLOUT | EPOLLET;
  event.data.ptr = tag;
  if (::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, socket, &event) != 0) return failed("epoll");
  return {};
}

int connect_error(int socket) {
  int error = 0;
  socklen_t size = sizeof error;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) return errno;
  return error;
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void reset_on_close(int socket) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

void prepare_process() {
  std::signal(SIGPIPE, SIG_IGN);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace sallyport::bench
