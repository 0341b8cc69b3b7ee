#pragma once

#include <chrono>
#include <optional>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sallyport::net {

// What `work` comes to, or nothing when `time` was over first: the operation it waits for is then cancelled, and
// must be one that can be.
template <class T>
boost::asio::awaitable<std::optional<T>> within(std::chrono::milliseconds time, boost::asio::awaitable<T> work) {
  using namespace boost::asio::experimental::awaitable_operators;
  boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
  auto first = co_await (std::move(work) || timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable)));
  if (first.index() == 0) co_return std::get<0>(std::move(first));
  co_return std::nullopt;
}

}  // namespace sallyport::net
