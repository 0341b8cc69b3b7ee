#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "app/handover_messages.h"
#include "base/descriptor.h"
#include "base/result.h"

namespace sallyport::app::handover {

struct Received {
  Message message;
  std::vector<base::Descriptor> descriptors;
};

// Another process, by a descriptor that never comes to mean a third one.
class Peer {
 public:
  Peer() = default;
  static base::Result<Peer> of(pid_t pid);

  pid_t pid() const { return pid_; }
  // Waits for its end.
  bool ended_within(std::chrono::milliseconds time) const;
  // Ends it, as by kill -9.
  void kill() const;

 private:
  pid_t pid_ = 0;
  base::Descriptor handle_;
};

// Messages to and from one process of the same user, or root's, on this machine. One thread at a time.
class Channel {
 public:
  // Nothing where no process listens there; kAccessDenied where one of another user does.
  static base::Result<std::optional<Channel>> connect(const std::string& path);
  // The other end of `connect`, as accepted.
  static base::Result<Channel> accept(int listener);

  // kNotFound when the other end is closed, as for `receive`.
  base::Status send(const Message& message, const std::vector<int>& descriptors = {}) const;
  // kUnavailable when nothing comes in time, and at once when `interrupt` becomes readable.
  base::Result<Received> receive(std::chrono::milliseconds time, int interrupt = -1) const;
  // The same, refusing anything but an `Expected`.
  template <class Expected>
  base::Result<Expected> expect(std::chrono::milliseconds time, int interrupt = -1) const {
    auto received = receive(time, interrupt);
    if (!received) return base::fail(received.error());
    if (auto* wanted = std::get_if<Expected>(&received->message)) return std::move(*wanted);
    return refusal(received->message);
  }

  const Peer& peer() const { return peer_; }
  int descriptor() const { return socket_.get(); }

  // What to say of a message that is none of those that may come.
  static tl::unexpected<base::Error> refusal(const Message& message);

 private:
  Channel(base::Descriptor socket, Peer peer) : socket_(std::move(socket)), peer_(std::move(peer)) {}
  static base::Result<Channel> with_known_peer(base::Descriptor socket);

  base::Descriptor socket_;
  Peer peer_;
};

// Listens at `path`, mode 0600. A socket file on which nobody answers is replaced; removed with this object.
class Door {
 public:
  static base::Result<Door> open(const std::string& path);
  Door(Door&& other) noexcept : path_(std::exchange(other.path_, {})), socket_(std::move(other.socket_)) {}
  Door& operator=(Door&& other) noexcept;
  ~Door();

  int descriptor() const { return socket_.get(); }

 private:
  Door(std::string path, base::Descriptor socket) : path_(std::move(path)), socket_(std::move(socket)) {}

  std::string path_;
  base::Descriptor socket_;
};

}  // namespace sallyport::app::handover
