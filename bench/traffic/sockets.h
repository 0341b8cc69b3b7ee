#pragma once

#include <cstdint>

#include "base/descriptor.h"
#include "base/ip_address.h"
#include "base/result.h"

// Non-blocking TCP over IPv4. Errors carry the system's reason.
namespace sallyport::bench {

// One of several listeners that share the address (SO_REUSEPORT).
base::Result<base::Descriptor> listen_at(const base::SocketAddress& at);
// A connection under way from `source`, whose port the system picks; it may be complete already.
base::Result<base::Descriptor> connect_from(const base::IpAddress& source, const base::SocketAddress& to);
base::Result<base::Descriptor> make_epoll();
// Edge-triggered, both directions; `tag` comes back with each event.
base::Status watch(const base::Descriptor& epoll, int socket, void* tag);
// 0, or the error a connection attempt ended with.
int connect_error(int socket);
// What is written leaves without waiting for more (TCP_NODELAY).
void send_at_once(int socket);
// close() sends a reset and leaves no TIME_WAIT.
void reset_on_close(int socket);
// This process may have as many descriptors as the system lets it, and writing to a connection that the other side
// closed is an error, not a signal: OpenSSL writes without MSG_NOSIGNAL.
void prepare_process();

}  // namespace sallyport::bench
