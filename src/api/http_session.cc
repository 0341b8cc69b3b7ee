#include "api/http_session.h"

#include <spdlog/spdlog.h>

#include <array>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>

#include "api/http_message.h"
#include "api/upgrade.h"
#include "base/limits.h"

namespace sallyport::api {

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace limits = base::limits;
using boost::system::error_code;

using TcpSocket = asio::ip::tcp::socket;
using UnixSocket = asio::local::stream_protocol::socket;
using TlsStream = asio::ssl::stream<TcpSocket>;

constexpr std::size_t kReadBytes = 16 * 1024;
// What a chunked body may have besides its data: chunk sizes, extensions, trailers.
constexpr std::uint32_t kFramingBytes = 64 * 1024;
// How long, and for how much, a peer whose request was refused may go on sending before it is cut: closing at
// once would reset the connection and could destroy the answer on its way.
constexpr std::chrono::seconds kLingerTime{2};
constexpr std::size_t kLingerBytes = 4 * limits::kApiBodyBytes;
// How long a server that drains waits for the first request of a connection: its client has every reason to think that
// the request on its way is welcome.
constexpr std::chrono::seconds kFirstRequestTime{1};
constexpr HttpRefusal kTooSlow{408, "The request took too long to arrive."};

// One connection. All of it happens on the stream's strand, but for `finish`, which posts there.
template <class Stream>
class Session final : public HttpConnection, public std::enable_shared_from_this<Session<Stream>> {
 public:
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  Session(Stream stream, base::IpAddress source, HttpHub& hub)
      : stream_(std::move(stream)), source_(source), hub_(hub), timer_(stream_.get_executor()) {
    hub_.joined(*this);
  }
  ~Session() override { hub_.left(*this); }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void finish() override {
    // From the constructor, by `joined`, there is no owner yet; `run` looks at hub_.draining() itself.
    if (std::shared_ptr<Session> self = this->weak_from_this().lock()) {
      const auto executor = self->stream_.get_executor();
      // Moved, so that the last owner is never this thread: it may hold the hub's mutex, which ~Session takes.
      asio::post(executor, [owner = std::move(self)] {
        if (owner->upgraded_ != nullptr) return owner->upgraded_->finish();
        if (owner->idle_ && !owner->fresh_) owner->cancel();
        if (owner->idle_ && owner->fresh_) owner->start_timer(kFirstRequestTime);
      });
    }
  }

  auto executor() { return stream_.get_executor(); }

  asio::awaitable<void> run() {
    bool open = true;
    if constexpr (kTls) open = co_await handshake();
    while (open)
      open = co_await serve_one();
    co_await close();
    stop_timer();
  }

 private:
  auto& socket() {
    if constexpr (kTls) {
      return stream_.next_layer();
    } else {
      return stream_;
    }
  }

  void cancel() {
    error_code ignored;
    socket().cancel(ignored);
  }

  // From now on, operations end with operation_aborted once `time` is over, and timed_out_ says so.
  void start_timer(base::Millis time) {
    timed_out_ = false;
    const std::uint64_t round = ++round_;
    timer_.expires_after(time);
    timer_.async_wait([self = this->shared_from_this(), round](const error_code& error) {
      if (error || round != self->round_) return;
      self->timed_out_ = true;
      self->cancel();
    });
  }
  void stop_timer() {
    ++round_;
    timer_.cancel();
  }

  asio::awaitable<bool> handshake() {
    error_code error;
    if constexpr (kTls) {
      start_timer(hub_.request_time);
      co_await stream_.async_handshake(asio::ssl::stream_base::server,
                                       asio::redirect_error(asio::use_awaitable, error));
    }
    if (error) ++hub_.rejected;
    co_return !error && !timed_out_;
  }

  // Waits for the first bytes of a request; false when there will be none.
  asio::awaitable<bool> wait_for_request() {
    if (buffer_.size() > 0) co_return true;
    start_timer(hub_.draining() ? kFirstRequestTime : hub_.request_time);
    if (hub_.draining() && !fresh_) co_return false;
    idle_ = true;
    error_code error;
    const std::size_t count =
        co_await stream_.async_read_some(buffer_.prepare(kReadBytes), asio::redirect_error(asio::use_awaitable, error));
    idle_ = false;
    fresh_ = false;
    buffer_.commit(count);
    co_return count > 0;
  }

  // Reads a request and answers it; true when another may follow.
  asio::awaitable<bool> serve_one() {
    if (!co_await wait_for_request()) co_return false;
    start_timer(hub_.request_time);

    BeastParser parser;
    parser.body_limit(limits::kApiBodyBytes);
    parser.header_limit(kFramingBytes);  // read_until has the say
    HttpRequest request;
    error_code error = co_await read_until(parser, &BeastParser::is_header_done, limits::kApiHeaderBytes);
    if (!error && !timed_out_) {
      if (const auto refusal = check_head(parser.get())) co_return co_await refuse(*refusal);
      // Taken before the body is read: trailers (RFC 9112 section 7.1.2) never become headers.
      request = head_of(parser.get(), source_, kTls);
      if (hub_.upgrades != nullptr && hub_.upgrades->serves(request.target)) {
        if (const auto refusal = check_upgrade(parser.get())) co_return co_await refuse(*refusal);
        co_await upgrade(request);
        co_return false;
      }
      if (!parser.is_done()) {
        if (expects_continue(parser.get())) co_await send_continue();
        error = co_await read_until(parser, &BeastParser::is_done, kFramingBytes);
        if (error == http::error::header_limit) error = http::error::body_limit;
      }
    }
    if (timed_out_) co_return co_await refuse(kTooSlow);
    if (error) {
      const auto refusal = refusal_of(error);
      if (refusal) co_return co_await refuse(*refusal);
      ++hub_.rejected;
      co_return false;
    }
    request.body = std::move(parser.get().body());
    co_return co_await answer(request, parser.get().version(), parser.get().keep_alive());
  }

  // Reads and parses until the parser is `done`. The parser's own limit of headers is that of one read, so what
  // is not body is counted here; past `limit` the error is header_limit.
  asio::awaitable<error_code> read_until(BeastParser& parser, bool (BeastParser::*done)() const, std::size_t limit) {
    std::size_t parsed = 0;
    while (true) {
      error_code error;
      if (buffer_.size() > 0) {
        const std::size_t count = parser.put(buffer_.cdata(), error);
        buffer_.consume(count);
        parsed += count;
        if (error && error != http::error::need_more) co_return error;
        const bool finished = (parser.*done)();
        const std::size_t pending = finished ? 0 : buffer_.size();
        if (parsed + pending - parser.get().body().size() > limit) co_return http::error::header_limit;
        if (finished) co_return error_code();
        if (!error && count > 0) continue;
      }
      // The time may have ended while no operation was there to be cancelled.
      if (timed_out_) co_return asio::error::operation_aborted;
      error.clear();
      const std::size_t count = co_await stream_.async_read_some(buffer_.prepare(kReadBytes),
                                                                 asio::redirect_error(asio::use_awaitable, error));
      buffer_.commit(count);
      if (error) co_return error;
    }
  }

  static bool expects_continue(const BeastRequest& request) {
    return request.version() >= 11 && !request[http::field::expect].empty();
  }

  asio::awaitable<void> send_continue() {
    constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
    error_code ignored;  // the read that follows meets the same fault
    co_await asio::async_write(stream_, asio::buffer(kContinue), asio::redirect_error(asio::use_awaitable, ignored));
  }

  asio::awaitable<bool> answer(const HttpRequest& request, unsigned version, bool keep_alive) {
    ++hub_.requests;
    HttpResponse handled = handle(request);
    const bool to_head = request.method == "HEAD";
    BeastResponse response = to_beast(std::move(handled), version, keep_alive && !hub_.draining(), to_head);
    co_return co_await send(std::move(response));
  }

  HttpResponse handle(const HttpRequest& request) {
    try {
      return hub_.handler(request);
    } catch (const std::exception& error) {
      spdlog::error("http handler of {} failed: {}", request.method, error.what());
    } catch (...) {
      spdlog::error("http handler of {} failed", request.method);
    }
    return server_answer(500, "An internal error occurred.");
  }

  asio::awaitable<void> upgrade(const HttpRequest& request) {
    ++hub_.requests;
    std::unique_ptr<Upgraded> upgraded;
    HttpResponse refusal;
    if (hub_.draining()) {
      refusal = server_answer(503, "The server is being stopped.");
    } else {
      auto begun = co_await hub_.upgrades->begin(request);
      if (begun) {
        upgraded = *std::move(begun);
      } else {
        refusal = std::move(begun.error());
      }
    }
    if (!upgraded || timed_out_) {
      if (upgraded) refusal = server_answer(kTooSlow.status, kTooSlow.message);
      BeastResponse response = to_beast(std::move(refusal), 11, false, request.method == "HEAD");
      co_await send(std::move(response));
      co_return;
    }
    hub_.upgraded(*this);
    // Also where what follows throws: a `finish` may be queued behind it.
    const std::unique_ptr<Upgraded*, void (*)(Upgraded**)> forgetting(&upgraded_, [](Upgraded** of) { *of = nullptr; });
    upgraded_ = upgraded.get();
    if (hub_.draining()) upgraded_->finish();
    start_timer(hub_.request_time);
    const std::string head = upgraded->head();
    error_code error;
    co_await asio::async_write(stream_, asio::buffer(head), asio::redirect_error(asio::use_awaitable, error));
    failed_ = error || timed_out_;
    stop_timer();
    if (!failed_) {
      std::string early(static_cast<const char*>(buffer_.cdata().data()), buffer_.size());
      buffer_.consume(buffer_.size());
      ByteStreamOver<Stream> client(stream_);
      co_await upgraded->serve(client, std::move(early));
    }
  }

  asio::awaitable<bool> refuse(HttpRefusal refusal) {
    ++hub_.rejected;
    BeastResponse response = to_beast(server_answer(refusal.status, refusal.message), 11, false, false);
    co_return co_await send(std::move(response));
  }

  asio::awaitable<bool> send(BeastResponse response) {
    start_timer(hub_.request_time);
    error_code error;
    co_await http::async_write(stream_, response, asio::redirect_error(asio::use_awaitable, error));
    failed_ = failed_ || error || timed_out_;
    co_return !failed_ && response.keep_alive();
  }

  asio::awaitable<void> close() {
    start_timer(kLingerTime);
    error_code error;
    if constexpr (kTls) {
      if (!failed_) co_await stream_.async_shutdown(asio::redirect_error(asio::use_awaitable, error));
    }
    socket().shutdown(asio::socket_base::shutdown_send, error);
    std::array<char, kReadBytes> waste{};
    std::size_t wasted = 0;
    error.clear();
    while (!error && !failed_ && !timed_out_ && wasted < kLingerBytes) {
      wasted +=
          co_await socket().async_read_some(asio::buffer(waste), asio::redirect_error(asio::use_awaitable, error));
    }
    socket().close(error);
  }

  Stream stream_;
  const base::IpAddress source_;
  HttpHub& hub_;
  asio::steady_timer timer_;
  std::uint64_t round_ = 0;
  bool timed_out_ = false;
  bool idle_ = false;             // no byte of the next request has come
  bool fresh_ = true;             // no byte of any request has come
  bool failed_ = false;           // the answer could not be sent; there is nothing to linger for
  Upgraded* upgraded_ = nullptr;  // what has the connection now
  boost::beast::flat_buffer buffer_{kFramingBytes + 2 * kReadBytes};
};

template <class Stream>
void start(Stream stream, const base::IpAddress& source, HttpHub& hub) {
  const auto session = std::make_shared<Session<Stream>>(std::move(stream), source, hub);
  // The coroutine's frame does not own the session, the completion does; neither outlives the other.
  auto ended = [session](const std::exception_ptr& error) {
    if (!error) return;
    try {
      std::rethrow_exception(error);
    } catch (const std::exception& caught) {
      spdlog::error("http connection failed: {}", caught.what());
    }
  };
  const auto executor = session->executor();
  asio::co_spawn(executor, session->run(), std::move(ended));
}

}  // namespace

void serve_plain(TcpSocket socket, base::IpAddress source, HttpHub& hub) { start(std::move(socket), source, hub); }

void serve_tls(TcpSocket socket, base::IpAddress source, asio::ssl::context& tls, HttpHub& hub) {
  start(TlsStream(std::move(socket), tls), source, hub);
}

void serve_unix(UnixSocket socket, HttpHub& hub) { start(std::move(socket), base::IpAddress::v4(0x7f000001), hub); }

}  // namespace sallyport::api
