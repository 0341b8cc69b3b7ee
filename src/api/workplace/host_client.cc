#include "api/workplace/host_client.h"

#include <chrono>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "api/workplace/host_messages.h"
#include "base/bytes.h"
#include "base/ip_address.h"
#include "base/limits.h"
#include "net/asio_address.h"
#include "net/tls_client.h"
#include "net/within.h"

namespace sallyport::api::workplace {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace limits = base::limits;
using asio::ip::tcp;
using TlsStream = asio::ssl::stream<tcp::socket>;

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr unsigned kSwitching = 101;

template <class T>
using Or = tl::expected<T, std::string>;
tl::unexpected<std::string> fault(std::string why) { return tl::unexpected<std::string>(std::move(why)); }

std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

// Where the host is: one address, or those of its name.
struct Place {
  const HostAddress& address;
  asio::ssl::context* tls;
  std::vector<base::IpAddress> found;
};

asio::awaitable<Or<tcp::socket>> connect(const Place& place) {
  tcp::socket socket(co_await asio::this_coro::executor);
  std::vector<tcp::endpoint> endpoints;
  for (const base::IpAddress& found : place.found)
    endpoints.push_back(net::to_endpoint<tcp>({found, place.address.port}));
  auto [error, at] = co_await asio::async_connect(socket, endpoints, kWait);
  if (error) co_return fault("it takes no connection: " + error.message());
  socket.set_option(tcp::no_delay(true), error);
  socket.set_option(asio::socket_base::keep_alive(true), error);
  co_return std::move(socket);
}

asio::awaitable<Or<std::unique_ptr<TlsStream>>> secure(tcp::socket socket, asio::ssl::context& tls,
                                                       const std::string& host) {
  auto stream = std::make_unique<TlsStream>(std::move(socket), tls);
  boost::system::error_code error = net::expect_host(*stream, host);
  if (!error) std::tie(error) = co_await stream->async_handshake(asio::ssl::stream_base::client, kWait);
  if (error) co_return fault("TLS: " + error.message());
  co_return std::move(stream);
}

// A stream with what it is over.
template <class Stream>
class Owned final : public ByteStream {
 public:
  explicit Owned(std::unique_ptr<Stream> stream) : stream_(std::move(stream)), over_(*stream_) {}
  asio::awaitable<Count> read(asio::mutable_buffer into) override { return over_.read(into); }
  asio::awaitable<Count> write(asio::const_buffer bytes) override { return over_.write(bytes); }

 private:
  std::unique_ptr<Stream> stream_;
  ByteStreamOver<Stream> over_;
};

asio::awaitable<Or<std::unique_ptr<ByteStream>>> reach(const Place& place) {
  auto socket = co_await connect(place);
  if (!socket) co_return fault(socket.error());
  if (place.tls == nullptr) {
    co_return std::make_unique<Owned<tcp::socket>>(std::make_unique<tcp::socket>(*std::move(socket)));
  }
  auto stream = co_await secure(*std::move(socket), *place.tls, place.address.host);
  if (!stream) co_return fault(stream.error());
  co_return std::make_unique<Owned<TlsStream>>(*std::move(stream));
}

struct Answer {
  http::response<http::string_body> message;
  std::string rest;
};

// Sends a request and reads the answer; of an answer 101, what comes behind it too.
asio::awaitable<Or<Answer>> exchange(ByteStream& stream, const std::string& request) {
  const auto [unsent, sent] = co_await stream.write(asio::buffer(request));
  if (unsent) co_return fault("it took no request: " + unsent.message());
  http::response_parser<http::string_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(limits::kWorkplaceAnswerBytes));
  parser.body_limit(limits::kWorkplaceAnswerBytes);
  boost::beast::flat_buffer buffer(2 * limits::kWorkplaceAnswerBytes);
  parser.eager(true);
  while (!parser.is_done()) {
    const std::size_t room = buffer.max_size() - buffer.size();
    if (room == 0) co_return fault("its answer is too long");
    const auto [ended, count] = co_await stream.read(buffer.prepare(std::min<std::size_t>(room, 4096)));
    buffer.commit(count);
    boost::system::error_code error;
    if (ended && parser.got_some()) parser.put_eof(error);
    if (ended && !parser.is_done()) co_return fault("no answer: " + ended.message());
    if (ended) break;
    buffer.consume(parser.put(buffer.cdata(), error));
    if (error && error != http::error::need_more) co_return fault("its answer is no HTTP: " + error.message());
  }
  Answer answer;
  answer.message = parser.release();
  answer.rest.assign(static_cast<const char*>(buffer.cdata().data()), buffer.size());
  co_return answer;
}

std::string head_of(std::string_view line, const HostAddress& address) {
  std::string head(line);
  head += " HTTP/1.1\r\nHost: " + address.authority() + "\r\nAuthorization: Bearer " + address.secret + "\r\n";
  return head;
}

asio::awaitable<Or<Answer>> ask(const Place& place, const std::string& request) {
  auto stream = co_await reach(place);
  if (!stream) co_return fault(stream.error());
  co_return co_await exchange(**stream, request);
}

// Nothing of the answer goes on to the browser but what has the form it must have.
std::optional<std::string> accept_in(const Answer& answer) {
  const auto& message = answer.message;
  const std::string_view accept = view(message["Sec-WebSocket-Accept"]);
  constexpr std::size_t kDigestBytes = 20;
  const auto digest = base::from_base64(accept);
  if (!digest || digest->size() != kDigestBytes) return std::nullopt;
  if (!base::ascii_iequals(view(message[http::field::upgrade]), "websocket")) return std::nullopt;
  if (view(message["Sec-WebSocket-Protocol"]) != kTerminalProtocol) return std::nullopt;
  if (message.count("Sec-WebSocket-Extensions") > 0) return std::nullopt;
  return std::string(accept);
}

asio::awaitable<Or<HostTerminal>> open_terminal(const Place& place, const std::string& request) {
  auto stream = co_await reach(place);
  if (!stream) co_return fault(stream.error());
  auto answer = co_await exchange(**stream, request);
  if (!answer) co_return fault(answer.error());
  if (answer->message.result_int() != kSwitching) {
    co_return fault("it refused the terminal with status " + std::to_string(answer->message.result_int()));
  }
  auto accept = accept_in(*answer);
  if (!accept) co_return fault("it answered what is no terminal's WebSocket");
  co_return HostTerminal{*std::move(stream), *std::move(accept), std::move(answer->rest)};
}

// One of the few that may ask at once.
class Turn {
 public:
  explicit Turn(std::atomic<int>& asking) : asking_(asking), taken_(++asking_ <= limits::kWorkplaceAsks) {}
  ~Turn() { --asking_; }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  bool taken() const { return taken_; }

 private:
  std::atomic<int>& asking_;
  const bool taken_;
};

}  // namespace

std::string HostAddress::authority() const {
  const bool v6 = host.find(':') != std::string::npos;
  return (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

base::Result<std::unique_ptr<HostClient>> HostClient::make(HostAddress address) {
  std::unique_ptr<HostClient> client(new HostClient(std::move(address)));
  if (!client->address_.tls) return client;
  auto tls = net::make_client_tls(client->address_.ca_file);
  if (!tls) return base::fail(tls.error());
  client->tls_ = *std::move(tls);
  return client;
}

base::Result<Granted> HostClient::open(const HostRequest& request) {
  const auto unavailable = [this](const std::string& why) {
    return base::fail(base::ErrorKind::kUnavailable,
                      "the workplace host at " + authority() + " cannot be asked: " + why);
  };
  const Turn turn(asking_);
  if (!turn.taken()) return unavailable("too many are asking it at once; try again");
  const auto until = std::chrono::steady_clock::now() + limits::kWorkplaceAskTime;
  HostLookup::Found found = std::vector<base::IpAddress>();
  if (const auto literal = base::IpAddress::parse(address_.host)) {
    found->push_back(*literal);
  } else {
    found = lookup_.find(limits::kWorkplaceAskTime);
  }
  if (!found) return unavailable("its name does not resolve: " + found.error());
  const Place place{address_, tls_.get(), *std::move(found)};
  const std::string body = body_of(request);
  std::string text = head_of("POST /v1/sessions", address_);
  text += "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " + std::to_string(body.size()) +
          "\r\n\r\n" + body;
  asio::io_context io(1);
  std::optional<Or<Answer>> answer;
  asio::co_spawn(io, ask(place, text), [&answer](const std::exception_ptr& error, Or<Answer> got) {
    answer = error ? Or<Answer>(fault("an internal error")) : std::move(got);
  });
  io.run_until(until);
  if (!answer) return unavailable("no answer in time");
  if (!*answer) return unavailable(answer->error());
  return read_answer(static_cast<int>((*answer)->message.result_int()), (*answer)->message.body(), authority());
}

asio::awaitable<tl::expected<HostTerminal, std::string>> HostClient::terminal(const UpgradeRequest& request) const {
  std::string text = head_of("GET /v1/terminal", address_);
  text +=
      "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " + request.key +
      "\r\nSec-WebSocket-Protocol: " + std::string(kTerminalProtocol) + ", sallyport-ticket." + request.ticket +
      "\r\n\r\n";
  const auto literal = base::IpAddress::parse(address_.host);
  // As found when the session was asked for, by this very client: nothing is waited for here, on a server's thread.
  const Place place{address_, tls_.get(), literal ? std::vector{*literal} : lookup_.last()};
  auto opening = open_terminal(place, text);
  auto opened = co_await net::within(limits::kWorkplaceAskTime, std::move(opening));
  if (!opened) co_return fault("no answer in time");
  co_return *std::move(opened);
}

}  // namespace sallyport::api::workplace
