#pragma once

#include <exception>
#include <functional>
#include <list>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "base/ip_address.h"
#include "base/result.h"

namespace sallyport::net {

// Where a server's connections come in: the sockets it listens on, and the threads that run `io` and with it every
// connection. `io` must outlive the door, and what connections use must outlive `io`, which holds those that are left.
// What runs on `io` and stands behind it must outlive the door. One thread sets it up; close() may come from any.
class Door {
 public:
  // Called on the listening socket's strand; what it returns serves the connection, on the connection's own. Nothing:
  // the connection is not taken, and closed. What is thrown while serving is logged and ends that connection alone.
  using Admit = std::function<boost::asio::awaitable<void>(boost::asio::ip::tcp::socket)>;

  // `name` says in the log whose connections these are: "bastion".
  Door(boost::asio::io_context& io, std::string name);
  // Stops `io` and joins the threads: connections are left where they stand.
  ~Door();
  Door(const Door&) = delete;
  Door& operator=(const Door&) = delete;

  // Binds one more address, before open(); connections wait until then. Fails with field "listen", naming the address.
  base::Status listen(const base::SocketAddress& at, Admit admit);
  // Once; at least one thread.
  void open(unsigned threads);
  // Takes no new connection and keeps those there are. Does not wait until it has come about.
  void close();
  // As bound, in the order of listen().
  const std::vector<base::SocketAddress>& addresses() const { return addresses_; }

 private:
  struct Entrance {
    boost::asio::ip::tcp::acceptor acceptor;
    Admit admit;
  };

  void serve(const Admit& admit, boost::asio::ip::tcp::socket socket);
  void log(const std::exception_ptr& failure) const;

  boost::asio::io_context& io_;
  const std::string name_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::list<Entrance> entrances_;
  std::vector<base::SocketAddress> addresses_;
  std::vector<std::thread> threads_;
};

}  // namespace sallyport::net
