#include "workplace/front.h"

#include <spdlog/spdlog.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/write.hpp>

#include "base/bytes.h"
#include "base/limits.h"
#include "net/listen.h"
#include "net/within.h"
#include "workplace/messages.h"
#include "workplace/own_address.h"
#include "workplace/terminal.h"
#include "workplace/web_socket_peer.h"

namespace sallyport::workplace {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace limits = base::limits;
using asio::ip::tcp;
using Request = http::request<http::string_body>;
using Response = http::response<http::string_body>;

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr unsigned kHttp11 = 11;

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

Response answer(http::status status, std::string body) {
  Response response{status, kHttp11};
  response.set(http::field::content_type, "application/json");
  response.set(http::field::cache_control, "no-store");
  response.keep_alive(false);
  response.body() = std::move(body);
  response.prepare_payload();
  return response;
}

Response refuse(http::status status, std::string_view why) { return answer(status, refusal_body(why)); }

bool shows_secret(const Hub& hub, const Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto count = request.count(http::field::authorization);
  const std::string_view given = view(request[http::field::authorization]);
  return count == 1 && given.starts_with(kScheme) &&
         base::constant_time_equal(given.substr(kScheme.size()), hub.config.secret);
}

http::status status_of(base::ErrorKind kind) {
  return kind == base::ErrorKind::kLimitExceeded ? http::status::too_many_requests : http::status::bad_request;
}

Response open_session(Hub& hub, const Request& request) {
  if (hub.draining()) return refuse(http::status::service_unavailable, "the workplace host is being stopped");
  auto asked = parse_session_request(request.body());
  if (!asked) {
    ++hub.refused_request;
    return refuse(http::status::bad_request, asked.error().message);
  }
  const auto granted = hub.table.grant(*std::move(asked), hub.clock.now(), Steady::now());
  if (!granted) {
    const http::status status = status_of(granted.error().kind);
    ++(status == http::status::bad_request ? hub.refused_request : hub.refused_limit);
    return refuse(status, granted.error().message);
  }
  ++hub.granted;
  return answer(http::status::created,
                granted_body(granted->ticket, granted->session, hub.config.idle_time, granted->ends_at));
}

Response route(Hub& hub, const Request& request) {
  const std::string_view target = view(request.target());
  if (target == "/v1/sessions") {
    if (request.method() == http::verb::post) return open_session(hub, request);
    return refuse(http::status::method_not_allowed, "POST /v1/sessions opens a session");
  }
  if (target == "/v1/terminal") return refuse(http::status::upgrade_required, "GET /v1/terminal is a WebSocket");
  return refuse(http::status::not_found, "there is POST /v1/sessions and GET /v1/terminal");
}

// A connection's place among those that are no terminal, and at first among strangers.
class Place {
 public:
  explicit Place(Hub& hub) : hub_(&hub) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  ~Place() { leave(); }
  void leave() {
    if (auto* hub = std::exchange(hub_, nullptr)) hub->leave();
  }
  // False where its source has as many strangers as it may.
  bool admit(const base::IpAddress& source) {
    stranger_ = hub_->strangers.admit(source, is_own(source));
    return stranger_.has_value();
  }
  void is_known() { stranger_.reset(); }

 private:
  Hub* hub_;
  std::optional<Strangers::Stranger> stranger_;
};

// A session's place in the table, given back when nothing is left of the session.
class Seat {
 public:
  Seat(Hub& hub, std::string session) : hub_(hub), session_(std::move(session)) {}
  Seat(const Seat&) = delete;
  Seat& operator=(const Seat&) = delete;
  ~Seat() { hub_.table.leave(session_); }

 private:
  Hub& hub_;
  const std::string session_;
};

struct Received {
  std::optional<Request> request;
  std::optional<Response> refusal;
  bool excess = false;  // something came behind the request, before its answer
};

template <class Stream>
asio::awaitable<Received> receive(Stream& stream) {
  Received received;
  boost::beast::flat_buffer buffer(limits::kWorkplaceHeaderBytes + limits::kWorkplaceBodyBytes);
  http::request_parser<http::string_body> parser;
  parser.header_limit(limits::kWorkplaceHeaderBytes);
  parser.body_limit(limits::kWorkplaceBodyBytes);
  const auto [error, count] = co_await http::async_read(stream, buffer, parser, kWait);
  if (error == http::error::header_limit) {
    received.refusal = refuse(http::status::request_header_fields_too_large, "the request's header is too large");
  } else if (error == http::error::body_limit) {
    received.refusal = refuse(http::status::payload_too_large, "the request's body is too large");
  } else if (error && error.category() == http::make_error_code(http::error::bad_method).category() &&
             error != http::error::end_of_stream && error != http::error::partial_message) {
    received.refusal = refuse(http::status::bad_request, "the request is no HTTP/1.1: " + error.message());
  } else if (!error) {
    received.request = parser.release();
    received.excess = buffer.size() > 0;
  }
  co_return received;
}

template <class Stream>
asio::awaitable<bool> send(Stream& stream, Response& response) {
  const auto [error, count] = co_await http::async_write(stream, response, kWait);
  co_return !error;
}

template <class Stream>
asio::awaitable<void> reply(Stream& stream, Response response) {
  auto sending = send(stream, response);
  co_await net::within(limits::kWorkplaceRequestTime, std::move(sending));
}

// The session that an upgrade's ticket stands for, or why there is none.
tl::expected<Session, Response> claim(Hub& hub, const Request& request) {
  if (hub.draining()) {
    return tl::unexpected(refuse(http::status::service_unavailable, "the workplace host is being stopped"));
  }
  std::optional<Session> session;
  if (request.count(http::field::sec_websocket_protocol) == 1) {
    const auto ticket = offered_ticket(view(request[http::field::sec_websocket_protocol]));
    if (ticket) session = hub.table.redeem(*ticket, Steady::now());
  }
  if (session) return *std::move(session);
  ++hub.refused_ticket;
  return tl::unexpected(refuse(http::status::forbidden, "the ticket is unknown, used, or older than 30 seconds"));
}

template <class Stream>
asio::awaitable<void> open_terminal(Hub& hub, Stream stream, const Request& request, Place& place) {
  auto session = claim(hub, request);
  if (!session) co_return co_await reply(stream, std::move(session.error()));
  const Seat seat(hub, session->id);
  place.leave();
  WebSocketPeer<Stream> peer(std::move(stream));
  const bool accepted = co_await peer.accept(request);
  if (accepted) co_await serve_terminal(hub, peer, *std::move(session));
}

template <class Stream>
asio::awaitable<void> converse(Hub& hub, Stream stream, Place& place) {
  auto receiving = receive(stream);
  auto received = co_await net::within(limits::kWorkplaceRequestTime, std::move(receiving));
  if (!received) co_return co_await reply(stream, refuse(http::status::request_timeout, "the request took too long"));
  if (received->refusal) {
    ++hub.refused_request;
    co_return co_await reply(stream, *std::move(received->refusal));
  }
  if (!received->request) co_return;
  const Request& request = *received->request;
  if (!shows_secret(hub, request)) {
    ++hub.refused_secret;
    spdlog::warn("a request without the secret was refused");
    co_return co_await reply(stream, refuse(http::status::unauthorized, "the secret is missing or wrong"));
  }
  place.is_known();
  if (view(request.target()) == "/v1/terminal" && boost::beast::websocket::is_upgrade(request) && !received->excess) {
    co_return co_await open_terminal(hub, std::move(stream), request, place);
  }
  co_await reply(stream, route(hub, request));
}

asio::awaitable<bool> shake(asio::ssl::stream<tcp::socket>& stream) {
  const auto [error] = co_await stream.async_handshake(asio::ssl::stream_base::server, kWait);
  co_return !error;
}

}  // namespace

asio::awaitable<void> serve_connection(Hub& hub, tcp::socket socket, asio::ssl::context* tls) {
  Place place(hub);
  boost::system::error_code gone;
  if (!place.admit(net::address_of(socket.remote_endpoint(gone)).address)) {
    ++hub.refused_source;
    co_return;
  }
  if (tls == nullptr) co_return co_await converse(hub, std::move(socket), place);
  asio::ssl::stream<tcp::socket> stream(std::move(socket), *tls);
  auto shaking = shake(stream);
  const auto shaken = co_await net::within(limits::kWorkplaceRequestTime, std::move(shaking));
  if (shaken.value_or(false)) co_await converse(hub, std::move(stream), place);
}

}  // namespace sallyport::workplace
