// The server behind every proxy of the benchmark, as light as can be: it answers requests of traffic/message.h, within
// TLS on some ports and in the clear on others. Prints "ready", and ends with SIGTERM or when its input does.
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <CLI/CLI.hpp>

#include "base/ip_address.h"
#include "origin/peer.h"
#include "traffic/sockets.h"
#include "traffic/transport.h"

namespace sallyport::bench {
namespace {

struct Options {
  std::vector<std::string> raw;
  std::vector<std::string> tls;
  std::string certificate_file;
  std::string key_file;
  unsigned threads = 1;
};

// What an epoll event names: a listener, or a connection.
struct Watched {
  base::Descriptor listener;
  bool has_tls = false;
  std::unique_ptr<Peer> peer;
};

class Loop {
 public:
  explicit Loop(SSL_CTX* tls) : tls_(tls) {}

  base::Status listen(const std::string& at, bool has_tls) {
    const auto address = base::SocketAddress::parse(at);
    if (!address || !address->address.is_v4())
      return base::fail(base::ErrorKind::kInvalidParameter, at + ": is not IPv4:PORT");
    auto socket = listen_at(*address);
    if (!socket) return base::fail(socket.error());
    listeners_.push_back({.listener = std::move(*socket), .has_tls = has_tls, .peer = nullptr});
    return {};
  }

  base::Status prepare() {
    auto epoll = make_epoll();
    if (!epoll) return base::fail(epoll.error());
    epoll_ = std::move(*epoll);
    for (Watched& listener : listeners_) {
      if (auto watched = watch(epoll_, listener.listener.get(), &listener); !watched) return watched;
    }
    return {};
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events;
    for (;;) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const epoll_event& event = events[static_cast<std::size_t>(i)];
        auto* target = static_cast<Watched*>(event.data.ptr);
        if (!target->peer) {
          accept_all(*target);
        } else if (!target->peer->advance(answers_, (event.events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0)) {
          delete target;
        }
      }
    }
  }

 private:
  void accept_all(const Watched& listener) {
    for (;;) {
      base::Descriptor socket(::accept4(listener.listener.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (!socket.valid()) return;
      send_at_once(socket.get());
      const int number = socket.get();
      Transport transport =
          listener.has_tls ? Transport(std::move(socket), *tls_, nullptr) : Transport(std::move(socket));
      // Lives until its connection is over; one event names it at most once, so it may be freed at that event.
      auto* peer = new Watched{.listener = {},
                               .has_tls = listener.has_tls,
                               .peer = std::make_unique<Peer>(std::move(transport), listener.has_tls)};
      if (!watch(epoll_, number, peer)) delete peer;
    }
  }

  SSL_CTX* tls_;
  base::Descriptor epoll_;
  std::list<Watched> listeners_;
  Answers answers_;
};

int serve(const Options& options) {
  prepare_process();
  base::Result<TlsContext> tls{TlsContext()};
  if (!options.tls.empty()) tls = server_tls(options.certificate_file, options.key_file);
  if (!tls) {
    std::fprintf(stderr, "origin: %s\n", tls.error().message.c_str());
    return 1;
  }
  std::list<Loop> loops;
  for (unsigned i = 0; i < options.threads; ++i) {
    Loop& loop = loops.emplace_back(tls->get());
    base::Status done;
    for (const std::string& at : options.raw) {
      if (done) done = loop.listen(at, false);
    }
    for (const std::string& at : options.tls) {
      if (done) done = loop.listen(at, true);
    }
    if (done) done = loop.prepare();
    if (!done) {
      std::fprintf(stderr, "origin: %s\n", done.error().message.c_str());
      return 1;
    }
  }
  std::vector<std::thread> threads;
  for (Loop& loop : loops)
    threads.emplace_back([&loop] { loop.run(); });
  std::puts("ready");
  std::fflush(stdout);
  std::array<char, 64> input{};
  while (::read(STDIN_FILENO, input.data(), input.size()) > 0) {
  }
  ::_exit(0);
}

}  // namespace
}  // namespace sallyport::bench

int main(int argc, char** argv) {
  sallyport::bench::Options options;
  CLI::App app("The server behind every proxy of the benchmark");
  app.add_option("--raw", options.raw, "IPv4:PORT without TLS; may be repeated");
  app.add_option("--tls", options.tls, "IPv4:PORT with TLS; may be repeated");
  app.add_option("--cert", options.certificate_file, "certificate chain, PEM");
  app.add_option("--key", options.key_file, "private key, PEM");
  app.add_option("--threads", options.threads, "event loops")->check(CLI::Range(1, 64));
  CLI11_PARSE(app, argc, argv);
  return sallyport::bench::serve(options);
}
