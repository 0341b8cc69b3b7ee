#pragma once

#include <string>

#include "base/ip_address.h"
#include "base/result.h"
#include "base/time.h"

namespace sallyport::provider {

struct TlsPeer {
  base::SocketAddress address;
  std::string name;    // asked for by SNI, and what the certificate must be for
  std::string ca_pem;  // the only authority trusted
  // Of the client, PEM.
  std::string certificate_pem;
  std::string key_pem;
};

struct TlsAnswer {
  int status = 0;               // of HTTP
  std::string certificate_pem;  // the server's
};

// GET `path` by HTTP/1.1 over TLS, within `limit` in all. Fails with kUnavailable, saying why. Blocks.
base::Result<TlsAnswer> tls_get(const TlsPeer& peer, const std::string& path, base::Millis limit);

}  // namespace sallyport::provider
