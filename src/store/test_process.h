#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "base/descriptor.h"

// Processes for tests. Fork only while no other thread runs.
namespace sallyport::store::testing_entities {

// A forked process that runs `body` with the writing end of a pipe, and is killed with this object at the latest.
class Child {
 public:
  explicit Child(const std::function<void(int)>& body) {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) throw std::runtime_error("pipe");
    // What is buffered would be written twice.
    std::fflush(nullptr);
    pid_ = ::fork();
    if (pid_ < 0) throw std::runtime_error("fork");
    if (pid_ == 0) {
      ::close(ends[0]);
      body(ends[1]);
      ::_exit(0);
    }
    ::close(ends[1]);
    reading_ = base::Descriptor(ends[0]);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { kill(); }

  // Up to `size` bytes; fewer only at the end of what the child wrote.
  std::string read(std::size_t size) {
    std::string got(size, '\0');
    std::size_t have = 0;
    while (have < size) {
      const ssize_t count = ::read(reading_.get(), got.data() + have, size - have);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) break;
      have += static_cast<std::size_t>(count);
    }
    got.resize(have);
    return got;
  }

  // SIGKILL, and waits until it is gone.
  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

 private:
  pid_t pid_ = -1;
  base::Descriptor reading_;
};

inline void write_all(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) ::_exit(1);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

// What `body` returns in a process of its own, whose limits and user it may change.
inline std::string in_child(const std::function<std::string()>& body) {
  Child child([&](int out) { write_all(out, body()); });
  return child.read(1 << 20);
}

}  // namespace sallyport::store::testing_entities
