#include "net/door.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>

#include "net/accept.h"
#include "net/listen.h"

namespace sallyport::net {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

Door::Door(asio::io_context& io, std::string name) : io_(io), name_(std::move(name)), work_(io.get_executor()) {}

Door::~Door() {
  io_.stop();
  for (std::thread& thread : threads_)
    thread.join();
}

base::Status Door::listen(const base::SocketAddress& at, Admit admit) {
  auto acceptor = listen_tcp(io_, at);
  if (!acceptor) return base::fail(acceptor.error());
  error_code error;
  addresses_.push_back(address_of(acceptor->local_endpoint(error)));
  entrances_.push_back({*std::move(acceptor), std::move(admit)});
  return {};
}

void Door::open(unsigned threads) {
  for (Entrance& entrance : entrances_) {
    auto take = [this, &entrance](tcp::socket socket) { serve(entrance.admit, std::move(socket)); };
    auto accepting = accept_each(entrance.acceptor, io_, name_, std::move(take));
    asio::co_spawn(entrance.acceptor.get_executor(), std::move(accepting),
                   [this](const std::exception_ptr& failure) { log(failure); });
  }
  for (unsigned i = 0; i < std::max(threads, 1U); ++i)
    threads_.emplace_back([this] { io_.run(); });
}

void Door::close() {
  for (Entrance& entrance : entrances_) {
    asio::post(entrance.acceptor.get_executor(), [&entrance] {
      error_code ignored;
      entrance.acceptor.close(ignored);
    });
  }
}

void Door::serve(const Admit& admit, tcp::socket socket) {
  error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::keep_alive(true), ignored);
  const auto strand = socket.get_executor();
  auto serving = admit(std::move(socket));
  if (!serving.valid()) return;
  asio::co_spawn(strand, std::move(serving), [this](const std::exception_ptr& failure) { log(failure); });
}

void Door::log(const std::exception_ptr& failure) const {
  if (!failure) return;
  try {
    std::rethrow_exception(failure);
  } catch (const std::exception& caught) {
    spdlog::error("a {} connection failed: {}", name_, caught.what());
  }
}

}  // namespace sallyport::net
