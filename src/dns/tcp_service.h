#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/descriptor.h"
#include "base/ip_address.h"
#include "base/result.h"
#include "dns/forwarder.h"
#include "dns/responder.h"
#include "dns/rollout.h"

namespace sallyport::dns {

// DNS over TCP (RFC 7766): queries of a connection are answered in order, as many as it pipelines. At most
// limits::kDnsTcpConnections: past that the one idle longest gives way, or, with none idle, the new one is
// closed. A connection without a whole query for limits::kDnsTcpIdleTime is closed, however it dribbles; so
// is one that sends what is no query. Everything but `deliver` belongs to the thread of `io`.
class TcpService {
 public:
  // All must outlive the service, which must outlive what is pending on `io`.
  TcpService(boost::asio::io_context& io, const Responder& responder, Forwarder& forwarder, Counters& counters)
      : io_(io), responder_(responder), forwarder_(forwarder), counters_(counters) {}

  // Before `io` runs. `listener` is the index of its view; `socket` listens already, or is invalid.
  base::Status listen(const base::SocketAddress& address, std::size_t listener, base::Descriptor socket);
  // Once, after every `listen`. Any thread, as are the two below.
  void start();
  // Accepts no more, has connections end once what they asked is answered, and then calls `done`.
  void release(std::function<void()> done);
  // While `release` was not called. In the order of `listen`.
  std::vector<base::Descriptor> listening();
  // When `io` runs no more, before it is destroyed: the sockets belong to it.
  void stop() {
    listening_.clear();
    connections_.clear();
  }
  // Any thread; never blocks.
  void deliver(Delivery delivery);

 private:
  struct Connection {
    Connection(boost::asio::ip::tcp::socket accepted, std::size_t index);

    boost::asio::ip::tcp::socket socket;
    std::size_t listener;
    base::IpAddress client;
    std::chrono::steady_clock::time_point last_query = std::chrono::steady_clock::now();
    bool idle = true;  // waits for a query of which nothing came yet
    Bytes in;          // of which `filled` bytes are there
    std::size_t filled = 0;
    Bytes out;
  };
  using ConnectionPtr = std::shared_ptr<Connection>;

  // Why answering stopped.
  enum class Why : std::uint8_t { kNoQuery, kFull, kForward, kClose };
  struct Pause {
    Why why = Why::kNoQuery;
    std::optional<Forwarding> forwarding;  // set for kForward
  };

  struct Listening {
    boost::asio::ip::tcp::acceptor acceptor;
    std::size_t listener;
  };
  boost::asio::awaitable<void> accept_all(Listening& from);
  boost::asio::awaitable<void> close_idle();
  boost::asio::awaitable<void> serve(ConnectionPtr connection);
  boost::asio::awaitable<bool> answer_all(Connection& connection);
  Pause answer_some(Connection& connection, std::size_t& at);
  bool answer_one(Connection& connection, std::span<const std::uint8_t> message, Pause& pause);
  bool make_room();
  void close(const ConnectionPtr& connection);

  boost::asio::io_context& io_;
  const Responder& responder_;
  Forwarder& forwarder_;
  Counters& counters_;
  QuickAnswers quick_;
  Tally tally_;
  std::list<Listening> listening_;
  bool releasing_ = false;
  std::set<ConnectionPtr> connections_;
};

}  // namespace sallyport::dns
