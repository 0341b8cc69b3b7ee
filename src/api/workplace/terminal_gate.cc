#include "api/workplace/terminal_gate.h"

#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <exception>
#include <utility>
#include <vector>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>

#include "api/http_message.h"
#include "api/workplace/frame_boundary.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "net/within.h"

namespace sallyport::api::workplace {

namespace {

namespace asio = boost::asio;
namespace limits = base::limits;
using Steady = std::chrono::steady_clock;

// Close 1001, "going away", as a server sends it: without a mask.
constexpr std::array<std::uint8_t, 4> kGoingAway = {0x88, 0x02, 0x03, 0xe9};

}  // namespace

// One of the relays that there may be at once.
class TerminalGate::Place {
 public:
  explicit Place(TerminalGate& gate) : gate_(&gate), taken_(++gate.active_ <= limits::kWorkplaceRelays) {}
  Place(Place&& other) noexcept : gate_(std::exchange(other.gate_, nullptr)), taken_(other.taken_) {}
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;
  Place& operator=(Place&&) = delete;
  ~Place() {
    if (gate_ != nullptr) --gate_->active_;
  }
  bool taken() const { return taken_; }

 private:
  TerminalGate* gate_;
  bool taken_;
};

class TerminalGate::Relay final : public Upgraded {
 public:
  Relay(TerminalGate& gate, Place place, Pass pass, HostTerminal host, const HttpRequest& request,
        const asio::any_io_executor& strand)
      : gate_(gate),
        place_(std::move(place)),
        pass_(std::move(pass)),
        host_(std::move(host)),
        source_(request.source),
        user_agent_(request.header("User-Agent")),
        finishing_(strand, Steady::time_point::max()) {
    ++gate_.opened_;
  }
  // Here, since a server that is destroyed destroys its relays and runs none to its end.
  ~Relay() override {
    gate_.bytes_from_browsers_ += from_browser_;
    gate_.bytes_to_browsers_ += to_browser_;
    try {
      gate_.on_close_({.pass = pass_,
                       .source = source_,
                       .user_agent = user_agent_,
                       .duration = std::chrono::duration_cast<base::Millis>(Steady::now() - began_),
                       .bytes_from_browser = from_browser_,
                       .bytes_to_browser = to_browser_});
    } catch (const std::exception& error) {
      spdlog::error("the end of workplace session {} is not recorded: {}", pass_.session, error.what());
    }
  }
  Relay(const Relay&) = delete;
  Relay& operator=(const Relay&) = delete;

  std::string head() const override {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           host_.accept + "\r\nSec-WebSocket-Protocol: " + std::string(kTerminalProtocol) + "\r\n\r\n";
  }

  asio::awaitable<void> serve(ByteStream& client, std::string early) override {
    using namespace asio::experimental::awaitable_operators;
    if (!stopping_) {
      auto up = pump(client, *host_.stream, std::move(early), from_browser_, nullptr);
      auto down = pump(*host_.stream, client, std::exchange(host_.early, {}), to_browser_, &frames_);
      auto stop = wait_for_stop();
      co_await (std::move(up) || std::move(down) || std::move(stop));
    }
    // The host ends the session when its connection ends.
    host_.stream.reset();
    if (!stopping_ || torn_ || !frames_.at_boundary()) co_return;
    auto farewell = client.write(asio::buffer(kGoingAway));
    co_await net::within(limits::kWorkplaceGoodbyeTime, std::move(farewell));
  }

  void finish() override {
    stopping_ = true;
    finishing_.cancel();
  }

 private:
  asio::awaitable<void> wait_for_stop() {
    if (!stopping_) co_await finishing_.async_wait(asio::as_tuple(asio::use_awaitable));
  }

  // Until one of the two ends; `early` goes first.
  asio::awaitable<void> pump(ByteStream& from, ByteStream& to, std::string early, std::uint64_t& count,
                             FrameBoundary* frames) {
    if (!early.empty() && !co_await pass_on(to, asio::buffer(early), count, frames)) co_return;
    early = {};
    std::vector<std::uint8_t> buffer(limits::kWorkplaceRelayBytes);
    while (true) {
      const auto [ended, size] = co_await from.read(asio::buffer(buffer));
      if (size == 0 || !co_await pass_on(to, asio::buffer(buffer.data(), size), count, frames) || ended) co_return;
    }
  }

  asio::awaitable<bool> pass_on(ByteStream& to, asio::const_buffer bytes, std::uint64_t& count, FrameBoundary* frames) {
    if (frames != nullptr) torn_ = true;
    auto writing = to.write(bytes);
    const auto written = co_await net::within(limits::kWorkplaceStallTime, std::move(writing));
    if (written) count += written->second;
    if (!written || written->first) co_return false;
    if (frames != nullptr) {
      frames->feed({static_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
      torn_ = false;
    }
    co_return true;
  }

  TerminalGate& gate_;
  const Place place_;
  const Pass pass_;
  HostTerminal host_;
  const base::IpAddress source_;
  const std::string user_agent_;
  const Steady::time_point began_ = Steady::now();
  asio::steady_timer finishing_;
  FrameBoundary frames_;
  std::uint64_t from_browser_ = 0;
  std::uint64_t to_browser_ = 0;
  bool stopping_ = false;
  bool torn_ = false;  // a write to the browser is under way, or was broken off
};

HttpResponse TerminalGate::refuse(const HttpRequest& request, HttpResponse response, std::string_view why) {
  ++refused_;
  spdlog::info("workplace source={} refused={} status={}", request.source.to_string(), why, response.status);
  return response;
}

asio::awaitable<tl::expected<std::unique_ptr<Upgraded>, HttpResponse>> TerminalGate::begin(const HttpRequest& request) {
  auto wanted = read_upgrade(request);
  if (!wanted) co_return tl::unexpected(refuse(request, std::move(wanted.error()), "malformed"));
  Place place(*this);
  if (!place.taken()) {
    co_return tl::unexpected(
        refuse(request, server_answer(503, "There are too many terminals at once; try again later."), "limit"));
  }
  auto pass = tickets_.take(wanted->ticket, Steady::now());
  if (!pass) {
    co_return tl::unexpected(refuse(
        request, server_answer(403, "The ticket is unknown, was used, or is older than 30 seconds; ask for another."),
        "ticket"));
  }
  auto terminal = co_await host_.terminal(*wanted);
  if (!terminal) {
    spdlog::warn("workplace session={} has no terminal: the host at {}: {}", pass->session, host_.authority(),
                 terminal.error());
    co_return tl::unexpected(refuse(
        request,
        server_answer(503, "The workplace host at " + host_.authority() + " cannot be used: " + terminal.error()),
        "host"));
  }
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  co_return std::make_unique<Relay>(*this, std::move(place), *std::move(pass), *std::move(terminal), request, strand);
}

GateStats TerminalGate::stats() const {
  return {.active = active_,
          .opened = opened_,
          .refused = refused_,
          .bytes_from_browsers = bytes_from_browsers_,
          .bytes_to_browsers = bytes_to_browsers_};
}

}  // namespace sallyport::api::workplace
