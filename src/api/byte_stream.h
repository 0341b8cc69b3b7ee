#pragma once

#include <cstddef>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/error_code.hpp>

namespace sallyport::api {

// Bytes both ways, over whatever carries them. One read and one write may be under way at once, on one strand; both
// may be cancelled by Asio's per-operation cancellation.
class ByteStream {
 public:
  using Count = std::pair<boost::system::error_code, std::size_t>;

  virtual ~ByteStream() = default;
  // At least one byte, or an error.
  virtual boost::asio::awaitable<Count> read(boost::asio::mutable_buffer into) = 0;
  // All of it, or an error and how much of it went out.
  virtual boost::asio::awaitable<Count> write(boost::asio::const_buffer bytes) = 0;
};

// Over an Asio stream that outlives it.
template <class Stream>
class ByteStreamOver final : public ByteStream {
 public:
  explicit ByteStreamOver(Stream& stream) : stream_(stream) {}

  boost::asio::awaitable<Count> read(boost::asio::mutable_buffer into) override {
    const auto [error, count] =
        co_await stream_.async_read_some(into, boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return Count(error, count);
  }
  boost::asio::awaitable<Count> write(boost::asio::const_buffer bytes) override {
    const auto [error, count] =
        co_await boost::asio::async_write(stream_, bytes, boost::asio::as_tuple(boost::asio::use_awaitable));
    co_return Count(error, count);
  }

 private:
  Stream& stream_;
};

}  // namespace sallyport::api
