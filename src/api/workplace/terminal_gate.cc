#include "api/workplace/terminal_gate.h"

#include <spdlog/spdlog.h>

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

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);

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

// A terminal from the use of its ticket on. When this goes, whatever it was that became of it, that is recorded.
class TerminalGate::Tally {
 public:
  Tally(TerminalGate& gate, Place place, Pass pass, const HttpRequest& request)
      : gate_(gate),
        place_(std::move(place)),
        pass_(std::move(pass)),
        source_(request.source),
        user_agent_(request.header("User-Agent")) {}
  ~Tally() {
    gate_.bytes_from_browsers_ += from_browser;
    gate_.bytes_to_browsers_ += to_browser;
    try {
      spdlog::info("workplace session={} over={}", pass_.session, to_string(end));
      gate_.on_close_({.pass = pass_,
                       .source = source_,
                       .user_agent = user_agent_,
                       .end = end,
                       .duration = std::chrono::duration_cast<base::Millis>(Steady::now() - began_),
                       .bytes_from_browser = from_browser,
                       .bytes_to_browser = to_browser});
    } catch (const std::exception& error) {
      spdlog::error("the end of workplace session {} is not recorded: {}", pass_.session, error.what());
    }
  }
  Tally(const Tally&) = delete;
  Tally& operator=(const Tally&) = delete;

  const Pass& pass() const { return pass_; }

  End end = End::kNotOpened;
  std::uint64_t from_browser = 0;
  std::uint64_t to_browser = 0;

 private:
  TerminalGate& gate_;
  const Place place_;
  const Pass pass_;
  const base::IpAddress source_;
  const std::string user_agent_;
  const Steady::time_point began_ = Steady::now();
};

class TerminalGate::Relay final : public Upgraded {
 public:
  Relay(TerminalGate& gate, std::unique_ptr<Tally> tally, HostTerminal host, const asio::any_io_executor& strand)
      : gate_(gate), tally_(std::move(tally)), host_(std::move(host)), finishing_(strand, Steady::time_point::max()) {
    ++gate_.opened_;
    tally_->end = End::kClosed;
  }

  std::string head() const override {
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " +
           host_.accept + "\r\nSec-WebSocket-Protocol: " + std::string(kTerminalProtocol) + "\r\n\r\n";
  }

  asio::awaitable<void> serve(ByteStream& client, std::string early) override {
    using namespace asio::experimental::awaitable_operators;
    if (!stopping_) {
      auto up = pump({client, *host_.stream, tally_->from_browser, false}, std::move(early));
      auto down = pump({*host_.stream, client, tally_->to_browser, true}, std::exchange(host_.early, {}));
      auto check = keep_checking();
      auto stop = wait_for_stop();
      co_await (std::move(up) || std::move(down) || std::move(check) || std::move(stop));
    }
    decide(End::kStopped);
    // The host ends the session when its connection ends.
    host_.stream.reset();
    const std::string farewell = farewell_of(tally_->end);
    if (farewell.empty() || torn_ || !frames_.at_boundary()) co_return;
    auto telling = client.write(asio::buffer(farewell));
    co_await net::within(limits::kWorkplaceGoodbyeTime, std::move(telling));
  }

  void finish() override {
    stopping_ = true;
    finishing_.cancel();
  }

 private:
  struct Way {
    ByteStream& from;
    ByteStream& to;
    std::uint64_t& count;
    bool to_browser;
  };

  // The first to end decides; what it ends with itself may look otherwise.
  void decide(End end) {
    if (!std::exchange(decided_, true)) tally_->end = end;
  }

  asio::awaitable<void> wait_for_stop() {
    if (!stopping_) co_await finishing_.async_wait(kWait);
    decide(End::kStopped);
  }

  std::optional<Standing> look() const {
    std::string why = "it cannot be looked up";
    try {
      if (const auto standing = gate_.look_(tally_->pass())) return standing;
    } catch (const std::exception& error) {
      why = error.what();
    }
    spdlog::warn("whether workplace session={} is still allowed is not known for now: {}", tally_->pass().session, why);
    return std::nullopt;
  }

  // Until the terminal is allowed no longer.
  asio::awaitable<void> keep_checking() {
    asio::steady_timer pause(co_await asio::this_coro::executor);
    while (!decided_) {
      pause.expires_after(gate_.times_.check_pause);
      const auto [cancelled] = co_await pause.async_wait(kWait);
      if (cancelled) co_return;
      const auto standing = look();
      if (standing.value_or(Standing::kGood) != Standing::kGood) decide(end_of(*standing));
    }
  }

  // Until one of the two ends; `early` goes first.
  asio::awaitable<void> pump(Way way, std::string early) {
    if (!early.empty() && !co_await pass_on(way, asio::buffer(early))) co_return decide(End::kClosed);
    early = {};
    std::vector<std::uint8_t> buffer(limits::kWorkplaceRelayBytes);
    while (true) {
      const auto [ended, size] = co_await take(way, asio::buffer(buffer));
      if (size == 0 || !co_await pass_on(way, asio::buffer(buffer.data(), size)) || ended) break;
    }
    decide(End::kClosed);
  }

  // Of a browser nothing has to come; the host pings it.
  asio::awaitable<ByteStream::Count> take(Way way, asio::mutable_buffer into) {
    if (!way.to_browser) co_return co_await way.from.read(into);
    auto reading = way.from.read(into);
    const auto read = co_await net::within(gate_.times_.host_silence, std::move(reading));
    if (!read) decide(End::kHostSilent);
    co_return read.value_or(ByteStream::Count());
  }

  asio::awaitable<bool> pass_on(Way way, asio::const_buffer bytes) {
    if (way.to_browser) torn_ = true;
    auto writing = way.to.write(bytes);
    const auto written = co_await net::within(limits::kWorkplaceStallTime, std::move(writing));
    if (!written) decide(way.to_browser ? End::kBrowserStalled : End::kHostSilent);
    if (written) way.count += written->second;
    if (!written || written->first) co_return false;
    if (way.to_browser) {
      frames_.feed({static_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
      torn_ = false;
    }
    co_return true;
  }

  TerminalGate& gate_;
  const std::unique_ptr<Tally> tally_;
  HostTerminal host_;
  asio::steady_timer finishing_;
  FrameBoundary frames_;
  bool stopping_ = false;
  bool decided_ = false;
  bool torn_ = false;  // a write to the browser is under way, or was broken off
};

HttpResponse TerminalGate::refuse(const HttpRequest& request, HttpResponse response, std::string_view why) {
  ++refused_;
  spdlog::info("workplace source={} refused={} status={}", request.source.to_string(), why, response.status);
  return response;
}

struct TerminalGate::Admitted {
  UpgradeRequest wanted;
  std::unique_ptr<Tally> tally;
};

tl::expected<TerminalGate::Admitted, HttpResponse> TerminalGate::admit(const HttpRequest& request) {
  auto wanted = read_upgrade(request);
  if (!wanted) return tl::unexpected(refuse(request, std::move(wanted.error()), "malformed"));
  Place place(*this);
  if (!place.taken()) {
    return tl::unexpected(
        refuse(request, server_answer(503, "There are too many terminals at once; try again later."), "limit"));
  }
  auto pass = tickets_.take(wanted->ticket, Steady::now());
  if (!pass) {
    return tl::unexpected(refuse(
        request, server_answer(403, "The ticket is unknown, was used, or is older than 30 seconds; ask for another."),
        "ticket"));
  }
  return Admitted{*std::move(wanted), std::make_unique<Tally>(*this, std::move(place), *std::move(pass), request)};
}

asio::awaitable<tl::expected<std::unique_ptr<Upgraded>, HttpResponse>> TerminalGate::begin(const HttpRequest& request) {
  auto admitted = admit(request);
  if (!admitted) co_return tl::unexpected(std::move(admitted.error()));
  auto terminal = co_await host_.terminal(admitted->wanted);
  if (!terminal) {
    spdlog::warn("workplace session={} has no terminal: the host at {}: {}", admitted->tally->pass().session,
                 host_.authority(), terminal.error());
    co_return tl::unexpected(refuse(
        request,
        server_answer(503, "The workplace host at " + host_.authority() + " cannot be used: " + terminal.error()),
        "host"));
  }
  const asio::any_io_executor strand = co_await asio::this_coro::executor;
  co_return std::make_unique<Relay>(*this, std::move(admitted->tally), *std::move(terminal), strand);
}

GateStats TerminalGate::stats() const {
  return {.active = active_,
          .opened = opened_,
          .refused = refused_,
          .bytes_from_browsers = bytes_from_browsers_,
          .bytes_to_browsers = bytes_to_browsers_};
}

}  // namespace sallyport::api::workplace
