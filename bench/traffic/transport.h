#pragma once

#include <openssl/ssl.h>
#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>
#include <utility>

#include "base/descriptor.h"
#include "base/result.h"

namespace sallyport::bench {

struct FreeTls {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* session) const { SSL_free(session); }
};
using TlsContext = std::unique_ptr<SSL_CTX, FreeTls>;

// TLS 1.3 alone, AES-128-GCM, X25519, no session tickets: each session is a full handshake. The client does not check
// the server's chain, which would be its own work and not a proxy's.
base::Result<TlsContext> client_tls();
base::Result<TlsContext> server_tls(const std::string& certificate_file, const std::string& key_file);

// The ClientHello, as a TLS record, that a real client sends for that server name.
base::Result<std::string> client_hello(SSL_CTX& context, const std::string& name);

enum class Step { kDone, kWait, kFailed };

// A non-blocking connection, in the clear or within TLS. Watched edge-triggered: callers go on until kWait or 0, and
// call woken() first at each event.
class Transport {
 public:
  Transport() = default;
  explicit Transport(base::Descriptor socket) : socket_(std::move(socket)) {}
  // The client's side of TLS names `name`; the server's has none.
  Transport(base::Descriptor socket, SSL_CTX& context, const std::string* name);

  // `hung_up`: the other side has said that nothing more will come.
  void woken(bool hung_up) {
    hung_up_ = hung_up;
    drained_ = false;
  }
  Step handshake();
  // Bytes moved; 0 when it would have to wait; negative when the connection is over.
  long read(char* into, std::size_t size);
  long write(const char* from, std::size_t size);
  // Reads and forgets. In the clear the kernel does not even copy.
  long skip(std::size_t size);

  int socket() const { return socket_.get(); }
  bool is_open() const { return socket_.valid(); }

 private:
  base::Descriptor socket_;
  std::unique_ptr<SSL, FreeTls> tls_;
  // In the clear, less than was asked for means that the next read would find nothing: that system call is spared.
  bool drained_ = false;
  bool hung_up_ = false;

  long received(ssize_t bytes, std::size_t wanted);
};

}  // namespace sallyport::bench
