#pragma once

#include <string>

#include "base/descriptor.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "model/snapshot.h"

struct sockaddr_storage;

// The few socket calls of the gateway. Every socket is non-blocking and close-on-exec.
namespace sallyport::gateway {

inline constexpr int kBacklog = 4096;      // of a listening socket
inline constexpr int kAcceptsAtOnce = 64;  // before others have their turn

// Fails where someone listens at the address already: SO_REUSEPORT would share it with them without a word. Asked
// once a listener, before its sockets are opened.
base::Status check_unused(const model::Listener& listener);

// Bound and listening, with SO_REUSEPORT so that each worker has its own. Fails naming the address and the remedy.
base::Result<base::Descriptor> open_listener(const model::Listener& listener);

struct Accepted {
  base::Descriptor socket;
  base::SocketAddress source;
};
// One waiting connection. On failure the descriptor is invalid and errno says why; EAGAIN when none waits.
Accepted accept_one(int listener);

// Whether an errno tells of this process's or machine's own lack.
bool out_of_resources(int error);

// A connection in the making: writable when it is decided. The descriptor is invalid when it failed at once.
base::Descriptor connect_to(const base::SocketAddress& server);
// After writability: 0 or the errno of the failed attempt.
int connect_result(int socket);

// Latency over packet count, and detection of peers that are gone without a word. What a listening socket accepts
// inherits it.
void tune(int socket);
// Makes the coming close a reset: the peer must not take a cut for an orderly end.
void reset_on_close(int socket);

base::SocketAddress local_address(int socket);

}  // namespace sallyport::gateway
