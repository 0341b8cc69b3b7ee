#include "provider/network.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/descriptor.h"
#include "provider/socket_address.h"

namespace sallyport::provider {

bool is_free(const base::SocketAddress& place) {
  const SystemAddress address(place);
  const base::Descriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_CLOEXEC, 0));
  // Connections that linger after their server's end do not keep it from listening again.
  const int yes = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  return socket.valid() && ::bind(socket.get(), address.get(), address.length) == 0 && ::listen(socket.get(), 1) == 0;
}

bool accepts_connections(const base::SocketAddress& place) {
  constexpr int kMillis = 200;
  const SystemAddress address(place);
  const base::Descriptor socket(::socket(address.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return false;
  if (::connect(socket.get(), address.get(), address.length) == 0) return true;
  if (errno != EINPROGRESS) return false;
  pollfd waiting{socket.get(), POLLOUT, 0};
  if (::poll(&waiting, 1, kMillis) <= 0) return false;
  int error = 0;
  socklen_t size = sizeof(error);
  return ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size) == 0 && error == 0;
}

}  // namespace sallyport::provider
