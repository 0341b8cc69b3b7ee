#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "api/http_client_test.h"
#include "api/http_server.h"

namespace sallyport::api::testing_client {

inline const base::SocketAddress kAnyPort = *base::SocketAddress::parse("127.0.0.1:0");

// Says what it was asked, so that a test sees what a handler saw.
inline HttpResponse echo(const HttpRequest& request) {
  if (request.target == "/throw") throw std::runtime_error("as asked");
  if (request.target == "/split") return {200, {{"X-A", "a\r\nX-B: b"}}, ""};
  std::string body = request.method + " " + request.target + " from " + request.source.to_string() +
                     (request.over_tls ? " over TLS" : "") + " x=" + std::string(request.header("X-THING")) + "\n";
  return {200, {{"Content-Type", "text/plain"}}, body + request.body};
}

inline std::unique_ptr<HttpServer> started(HttpServerConfig config = {}, HttpHandler handler = echo) {
  if (config.listen.empty()) config.listen = {kAnyPort};
  auto server = HttpServer::start(std::move(config), std::move(handler));
  if (!server) throw std::runtime_error(server.error().message);
  return std::move(*server);
}

inline Answer ask(const HttpServer& server, std::string_view request) {
  return connect(server.addresses().front())->exchange(request);
}

}  // namespace sallyport::api::testing_client
