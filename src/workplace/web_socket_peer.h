#pragma once

#include <string>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/stream_traits.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>

#include "base/limits.h"
#include "net/within.h"
#include "workplace/messages.h"
#include "workplace/peer.h"

namespace sallyport::workplace {

// A WebSocket (RFC 6455) as a terminal's peer. `Stream` is a Beast stream, with or without TLS, after its handshake.
template <class Stream>
class WebSocketPeer final : public Peer {
  static constexpr auto kWait = boost::asio::as_tuple(boost::asio::use_awaitable);

 public:
  explicit WebSocketPeer(Stream stream) : socket_(std::move(stream)), free_(socket_.get_executor()) {
    socket_.read_message_max(base::limits::kWorkplaceMessageBytes);
    socket_.auto_fragment(false);
    socket_.control_callback([this](boost::beast::websocket::frame_type kind, boost::beast::string_view) {
      if (kind == boost::beast::websocket::frame_type::pong) answered_ = true;
    });
  }

  // Takes the upgrade. False: it is none, or the peer is gone.
  boost::asio::awaitable<bool> accept(const boost::beast::http::request<boost::beast::http::string_body>& request) {
    socket_.set_option(
        boost::beast::websocket::stream_base::decorator([](boost::beast::websocket::response_type& response) {
          response.set(boost::beast::http::field::sec_websocket_protocol, std::string(kTerminalProtocol));
        }));
    auto accepting = accept_upgrade(request);
    const auto accepted = co_await net::within(base::limits::kWorkplaceRequestTime, std::move(accepting));
    co_return accepted.value_or(false);
  }

  boost::asio::awaitable<std::optional<Message>> read() override {
    boost::beast::flat_buffer buffer;
    const auto [error, count] = co_await socket_.async_read(buffer, kWait);
    if (error) co_return std::nullopt;
    co_return Message{socket_.got_text(), boost::beast::buffers_to_string(buffer.data())};
  }

  boost::asio::awaitable<bool> send_text(std::string text) override {
    co_return co_await send(true, boost::asio::buffer(text));
  }

  boost::asio::awaitable<bool> send_output(std::span<const std::uint8_t> bytes) override {
    co_return co_await send(false, boost::asio::buffer(bytes.data(), bytes.size()));
  }

  boost::asio::awaitable<bool> ping() override {
    const auto [error] = co_await socket_.async_ping({}, kWait);
    co_return !error;
  }

  boost::asio::awaitable<void> close(std::uint16_t code) override {
    auto closing = say_close(code);
    co_await net::within(base::limits::kWorkplaceEndTime, std::move(closing));
    abort();
  }

  void abort() override {
    boost::system::error_code ignored;
    boost::beast::get_lowest_layer(socket_).close(ignored);
    free_.cancel();
  }

  bool answered() override { return std::exchange(answered_, false); }

 private:
  boost::asio::awaitable<bool> accept_upgrade(
      const boost::beast::http::request<boost::beast::http::string_body>& request) {
    const auto [error] = co_await socket_.async_accept(request, kWait);
    co_return !error;
  }

  boost::asio::awaitable<bool> say_close(std::uint16_t code) {
    const auto [error] = co_await socket_.async_close(boost::beast::websocket::close_reason(code), kWait);
    co_return !error;
  }

  // One message after the other: Beast takes one write at a time.
  boost::asio::awaitable<bool> send(bool text, boost::asio::const_buffer bytes) {
    while (sending_) {
      free_.expires_at(boost::asio::steady_timer::time_point::max());
      co_await free_.async_wait(kWait);
    }
    sending_ = true;
    socket_.text(text);
    const auto [error, count] = co_await socket_.async_write(bytes, kWait);
    sending_ = false;
    free_.cancel();
    co_return !error;
  }

  boost::beast::websocket::stream<Stream> socket_;
  boost::asio::steady_timer free_;
  bool sending_ = false;
  bool answered_ = false;
};

}  // namespace sallyport::workplace
