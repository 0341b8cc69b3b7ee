#include "api/http_server.h"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <latch>
#include <mutex>
#include <string_view>
#include <thread>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include "api/http_hub.h"
#include "api/http_session.h"
#include "net/accept.h"
#include "net/listen.h"

namespace sallyport::api {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using asio::local::stream_protocol;
using boost::system::error_code;

class Server final : public HttpServer {
 public:
  Server(HttpServerConfig config, HttpHandler handler)
      : config_(std::move(config)),
        hub_(std::move(handler), config_.request_time, config_.upgrades),
        work_(io_.get_executor()) {}

  ~Server() override {
    io_.stop();
    for (std::thread& thread : threads_)
      thread.join();
    if (unix_bound_) ::unlink(config_.unix_socket->c_str());
  }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  base::Status open() {
    if (config_.tls_cert_file.has_value() != config_.tls_key_file.has_value()) {
      return base::fail(base::ErrorKind::kInvalidParameter, "tls_cert_file and tls_key_file must be given together",
                        config_.tls_cert_file ? "tls_key_file" : "tls_cert_file");
    }
    if (auto loaded = reload_tls(); !loaded) return loaded;
    for (const base::SocketAddress& address : config_.listen) {
      base::Descriptor present = config_.listening_at ? config_.listening_at(address) : base::Descriptor();
      auto acceptor =
          present.valid() ? net::adopt_tcp(io_, address, std::move(present)) : net::listen_tcp(io_, address);
      if (!acceptor) return base::fail(acceptor.error());
      error_code error;
      addresses_.push_back(net::address_of(acceptor->local_endpoint(error)));
      tcp_.push_back(std::move(*acceptor));
    }
    if (config_.unix_socket) {
      auto acceptor = net::listen_unix(io_, *config_.unix_socket);
      if (!acceptor) return base::fail(acceptor.error());
      unix_.push_back(std::move(*acceptor));
      unix_bound_ = true;
    }
    return {};
  }

  void run() {
    if (!config_.hold) begin();
    for (unsigned i = 0; i < std::max(config_.threads, 1U); ++i)
      threads_.emplace_back([this] { io_.run(); });
  }

  void begin() override {
    for (tcp::acceptor& acceptor : tcp_)
      accept(acceptor);
    for (stream_protocol::acceptor& acceptor : unix_)
      accept(acceptor);
  }

  std::vector<base::Descriptor> share_listeners() override {
    std::vector<base::Descriptor> shared;
    for (tcp::acceptor& acceptor : tcp_)
      shared.push_back(base::Descriptor::duplicate(acceptor.native_handle()));
    return shared;
  }

  void drain() override {
    // Who connects once this is done is not turned away where another process accepts too.
    std::latch closed(static_cast<std::ptrdiff_t>(tcp_.size() + unix_.size()));
    for (tcp::acceptor& acceptor : tcp_)
      close(acceptor, closed);
    for (stream_protocol::acceptor& acceptor : unix_)
      close(acceptor, closed);
    closed.wait();
    hub_.drain(base::limits::kDrainTime);
  }

  HttpStats stats() const override {
    HttpStats stats{.requests = hub_.requests, .rejected = hub_.rejected, .active_connections = hub_.connections()};
    if (const auto tls = present_tls()) stats.certificate_expires = net::certificate_end(*tls);
    return stats;
  }

  base::Status reload_tls() override {
    if (!config_.tls_cert_file) return {};
    auto tls = net::make_tls(*config_.tls_cert_file, *config_.tls_key_file);
    if (!tls) return base::fail(tls.error());
    const std::lock_guard lock(tls_mutex_);
    tls_ = std::move(*tls);
    return {};
  }

  const std::vector<base::SocketAddress>& addresses() const override { return addresses_; }

 private:
  std::shared_ptr<asio::ssl::context> present_tls() const {
    const std::lock_guard lock(tls_mutex_);
    return tls_;
  }

  template <class Acceptor>
  static void close(Acceptor& acceptor, std::latch& closed) {
    asio::post(acceptor.get_executor(), [&acceptor, &closed] {
      // Closing alone would leave the socket in Asio's epoll where another process has it too.
      error_code ignored;
      if (acceptor.is_open()) base::Descriptor(acceptor.release(ignored)).reset();
      closed.count_down();
    });
  }

  template <class Acceptor>
  void accept(Acceptor& acceptor) {
    auto take = [this](auto socket) { this->admit(std::move(socket)); };
    auto accepting = net::accept_each(acceptor, io_, "http", std::move(take));
    asio::co_spawn(acceptor.get_executor(), std::move(accepting), asio::detached);
  }

  template <class Socket>
  void admit(Socket socket) {
    if (hub_.connections() >= config_.max_connections || hub_.draining()) return turn_away(std::move(socket));
    if constexpr (std::is_same_v<Socket, stream_protocol::socket>) {
      serve_unix(std::move(socket), hub_);
    } else {
      error_code error;
      const tcp::endpoint peer = socket.remote_endpoint(error);
      if (error) return;  // gone already
      socket.set_option(tcp::no_delay(true), error);
      const base::IpAddress source = net::address_of(peer).address;
      if (const auto tls = present_tls()) {
        serve_tls(std::move(socket), source, *tls, hub_);
      } else {
        serve_plain(std::move(socket), source, hub_);
      }
    }
  }

  template <class Socket>
  void turn_away(Socket socket) {
    ++hub_.rejected;
    if (config_.tls_cert_file && std::is_same_v<Socket, tcp::socket>) return;
    constexpr std::string_view kBusy =
        "HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n";
    error_code ignored;
    socket.non_blocking(true, ignored);
    socket.send(asio::buffer(kBusy), 0, ignored);
    socket.shutdown(asio::socket_base::shutdown_send, ignored);
  }

  // Destroyed from the last to the first: the connections, inside io_, use what stands before it.
  const HttpServerConfig config_;
  HttpHub hub_;
  mutable std::mutex tls_mutex_;
  std::shared_ptr<asio::ssl::context> tls_;  // of the next connection; each holds what it began with
  asio::io_context io_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;
  std::vector<tcp::acceptor> tcp_;
  std::vector<stream_protocol::acceptor> unix_;
  bool unix_bound_ = false;
  std::vector<base::SocketAddress> addresses_;
  std::vector<std::thread> threads_;
};

}  // namespace

base::Result<std::unique_ptr<HttpServer>> HttpServer::start(HttpServerConfig config, HttpHandler handler) {
  if (config.listen.empty() && !config.unix_socket) {
    return base::fail(base::ErrorKind::kInvalidParameter, "no address to listen on; give at least one", "listen");
  }
  auto server = std::make_unique<Server>(std::move(config), std::move(handler));
  if (auto opened = server->open(); !opened) return base::fail(opened.error());
  server->run();
  return server;
}

}  // namespace sallyport::api
