#include "bastion/channel.h"

#include <openssl/bio.h>
#include <openssl/ssl.h>

#include <array>
#include <chrono>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "net/within.h"

namespace sallyport::bastion {

namespace asio = boost::asio;

namespace {

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kLingerTime{2'000};
constexpr std::size_t kLingerBytes = 64 * 1024;

// The close_notify alert as bytes. Asio's own shutdown would wait for the peer's, and take what it still sends
// for an error; so the alert is written to a buffer in the place of Asio's.
std::vector<std::uint8_t> close_notify(SSL* tls) {
  BIO* buffer = BIO_new(BIO_s_mem());
  if (buffer == nullptr) return {};
  SSL_set0_wbio(tls, buffer);
  SSL_shutdown(tls);
  std::vector<std::uint8_t> bytes(BIO_ctrl_pending(buffer));
  if (!bytes.empty()) BIO_read(buffer, bytes.data(), static_cast<int>(bytes.size()));
  return bytes;
}

}  // namespace

asio::awaitable<bool> Channel::handshake() {
  if (!tls_) co_return true;
  const auto [error] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kWait);
  co_return !error;
}

asio::awaitable<Channel::Got> Channel::read(std::span<std::uint8_t> into) {
  const auto buffer = asio::buffer(into.data(), into.size());
  Got got;
  if (tls_) {
    std::tie(got.error, got.count) = co_await tls_->async_read_some(buffer, kWait);
    // Ended without close_notify: what goes through is TLS of its own, which tells an end from a cut.
    if (got.error == asio::ssl::error::stream_truncated) got.error = asio::error::eof;
  } else {
    std::tie(got.error, got.count) = co_await socket_.async_read_some(buffer, kWait);
  }
  co_return got;
}

asio::awaitable<bool> Channel::write(Bytes bytes) {
  const auto buffer = asio::buffer(bytes.data(), bytes.size());
  if (tls_) {
    const auto [error, count] = co_await asio::async_write(*tls_, buffer, kWait);
    co_return !error;
  }
  const auto [error, count] = co_await asio::async_write(socket_, buffer, kWait);
  co_return !error;
}

asio::awaitable<void> Channel::end_sending() {
  if (std::exchange(ended_, true)) co_return;
  if (tls_ && SSL_is_init_finished(tls_->native_handle()) == 1) {
    const auto alert = close_notify(tls_->native_handle());
    co_await asio::async_write(socket_, asio::buffer(alert), kWait);
  }
  error_code ignored;
  socket_.shutdown(asio::socket_base::shutdown_send, ignored);
}

asio::awaitable<void> Channel::close() {
  co_await end_sending();
  auto lingering = [](TcpSocket& socket) -> asio::awaitable<bool> {
    std::array<char, 4096> waste{};
    for (std::size_t wasted = 0; wasted < kLingerBytes;) {
      const auto [error, count] = co_await socket.async_read_some(asio::buffer(waste), kWait);
      if (error) break;
      wasted += count;
    }
    co_return true;
  };
  co_await net::within(kLingerTime, lingering(socket_));
  error_code ignored;
  socket_.close(ignored);
}

void Channel::abort() {
  error_code ignored;
  socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
}

}  // namespace sallyport::bastion
