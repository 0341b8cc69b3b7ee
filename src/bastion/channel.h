#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>

namespace sallyport::bastion {

// A connection with or without TLS. One read and one write may run at a time, all on the socket's strand. An
// operation on a closed or aborted channel fails at once.
class Channel {
 public:
  using Bytes = std::span<const std::uint8_t>;
  using error_code = boost::system::error_code;
  using TcpSocket = boost::asio::ip::tcp::socket;
  struct Got {
    error_code error;  // boost::asio::error::eof: the peer sends no more
    std::size_t count = 0;
  };

  explicit Channel(TcpSocket socket) : socket_(std::move(socket)) {}
  Channel(TcpSocket socket, boost::asio::ssl::context& tls) : socket_(std::move(socket)) { tls_.emplace(socket_, tls); }
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // The server's side of TLS; nothing to do without it. False, here and below: it failed.
  boost::asio::awaitable<bool> handshake();
  boost::asio::awaitable<Got> read(std::span<std::uint8_t> into);
  boost::asio::awaitable<bool> write(Bytes bytes);  // all of them
  // Says that we send no more: the peer may go on sending. Once; again does nothing.
  boost::asio::awaitable<void> end_sending();
  // Ends both directions, the peer's for at most a moment of lingering: closing at once would reset the
  // connection and could destroy an answer on its way.
  boost::asio::awaitable<void> close();
  // Ends both directions at once, so that the peer cannot take it for an orderly end.
  void abort();

 private:
  TcpSocket socket_;
  std::optional<boost::asio::ssl::stream<TcpSocket&>> tls_;
  bool ended_ = false;  // end_sending was called
};

}  // namespace sallyport::bastion
