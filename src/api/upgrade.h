#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <tl/expected.hpp>

#include "api/byte_stream.h"
#include "api/http.h"

// What becomes of a connection that leaves HTTP (RFC 9110 section 7.8). The HTTP server knows no more of it than this.
namespace sallyport::api {

// A connection whose upgrade is granted. Everything happens on the connection's strand.
class Upgraded {
 public:
  virtual ~Upgraded() = default;
  // The whole answer 101, up to and with the empty line.
  virtual std::string head() const = 0;
  // Has the connection until it returns; then it is closed. `early` came behind the request.
  virtual boost::asio::awaitable<void> serve(ByteStream& client, std::string early) = 0;
  // The server stops: `serve` is to return soon. May come before `serve`.
  virtual void finish() = 0;
};

class UpgradeHandler {
 public:
  virtual ~UpgradeHandler() = default;
  // Whether requests for this target are this handler's. Any thread.
  virtual bool serves(std::string_view target) const = 0;
  // Grants the upgrade, or says what to answer; the connection is closed after that. `request` is HTTP/1.1, has no body
  // and lives until it is done. Called on the connection's strand, and ends in time of its own accord.
  virtual boost::asio::awaitable<tl::expected<std::unique_ptr<Upgraded>, HttpResponse>> begin(
      const HttpRequest& request) = 0;
};

}  // namespace sallyport::api
