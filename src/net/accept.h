#pragma once

#include <spdlog/spdlog.h>

#include <chrono>
#include <string_view>
#include <utility>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace sallyport::net {

// Hands to `admit` each socket that connects to `acceptor`, on a strand of its own, until the acceptor is closed. What
// cannot be accepted is logged by `name` and waits in the kernel's queue for the next try. Runs on the acceptor's
// strand, as `admit` does and as closing must; `acceptor`,
// `io` and `name` must outlive it.
template <class Acceptor, class Admit>
boost::asio::awaitable<void> accept_each(Acceptor& acceptor, boost::asio::io_context& io, std::string_view name,
                                         Admit admit) {
  namespace asio = boost::asio;
  constexpr std::chrono::milliseconds kRetry{100};
  asio::steady_timer pause(acceptor.get_executor());
  while (acceptor.is_open()) {
    boost::system::error_code error;
    const asio::any_io_executor strand(asio::make_strand(io));
    typename Acceptor::protocol_type::socket socket =
        co_await acceptor.async_accept(strand, asio::redirect_error(asio::use_awaitable, error));
    if (error == asio::error::operation_aborted) co_return;
    if (error) {
      // Out of descriptors, most likely: trying again at once would spin.
      spdlog::warn("{} cannot accept a connection: {}", name, error.message());
      pause.expires_after(kRetry);
      co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, error));
      continue;
    }
    admit(std::move(socket));
  }
}

}  // namespace sallyport::net
