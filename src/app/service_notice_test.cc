#include "app/service_notice.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <string>
#include <vector>

#include "app/data_dir.h"
#include "base/test_folder.h"

namespace sallyport::app {
namespace {

// Listens as a supervisor at `name` ('@' first: abstract) and returns what one notification said.
std::string heard_at(const std::string& name, const std::string& state) {
  const base::Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  sockaddr_un at{};
  at.sun_family = AF_UNIX;
  std::ranges::copy(name, at.sun_path);
  if (name[0] == '@') at.sun_path[0] = '\0';
  const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name.size());
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&at), length), 0);
  ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
  notify_supervisor(state);
  ::unsetenv("NOTIFY_SOCKET");
  std::array<char, 256> text{};
  const ssize_t got = ::recv(socket.get(), text.data(), text.size(), MSG_DONTWAIT);
  return got < 0 ? "nothing" : std::string(text.data(), static_cast<std::size_t>(got));
}

TEST(ServiceNotice, ReachesASupervisorByPathAndAbstractName) {
  const base::TestFolder folder;
  EXPECT_EQ(heard_at(folder.path() + "/notify", "READY=1"), "READY=1");
  EXPECT_EQ(heard_at("@sallyport-test-" + std::to_string(::getpid()), "STOPPING=1"), "STOPPING=1");
}

TEST(ServiceNotice, WithoutASupervisorNothingHappens) {
  ::unsetenv("NOTIFY_SOCKET");
  notify_supervisor("READY=1");
  const std::vector<std::string> bad{"", "relative", "/nowhere/at/all", "/" + std::string(300, 'x')};
  for (const std::string& name : bad) {
    ::setenv("NOTIFY_SOCKET", name.c_str(), 1);
    notify_supervisor("READY=1");
  }
  ::unsetenv("NOTIFY_SOCKET");
}

}  // namespace
}  // namespace sallyport::app
