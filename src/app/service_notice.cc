#include "app/service_notice.h"

#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>

#include "app/data_dir.h"

namespace sallyport::app {

void notify_supervisor(std::string_view state) {
  const char* variable = std::getenv("NOTIFY_SOCKET");
  if (variable == nullptr) return;
  const std::string_view path(variable);
  sockaddr_un to{};
  if (path.size() < 2 || path.size() >= sizeof(to.sun_path) || (path[0] != '/' && path[0] != '@')) return;
  to.sun_family = AF_UNIX;
  std::ranges::copy(path, to.sun_path);
  if (path[0] == '@') to.sun_path[0] = '\0';  // the abstract namespace (unix(7))
  const base::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket.valid()) return;
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + path.size());
  const auto sent = ::sendto(socket.get(), state.data(), state.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                             reinterpret_cast<const sockaddr*>(&to), length);
  static_cast<void>(sent);
}

}  // namespace sallyport::app
