#include "workplace/terminal.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include "base/bytes.h"
#include "base/limits.h"
#include "workplace/launch.h"
#include "workplace/session_clock.h"

namespace sallyport::workplace {

namespace {

namespace asio = boost::asio;
namespace limits = base::limits;
using namespace asio::experimental::awaitable_operators;

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);

// One terminal while it is open, on its strand. It ends in one way: the process is killed, or ends by itself; its
// output ends; the peer is told and closed; the rest follows from that.
struct Terminal {
  Terminal(Hub& the_hub, Peer& the_peer, const Session& the_session, SandboxProcess the_process,
           const asio::any_io_executor& executor)
      : hub(the_hub),
        peer(the_peer),
        session(the_session),
        process(std::move(the_process)),
        pty(executor, base::Descriptor::duplicate(process.terminal()).release()),
        ended(executor, base::Descriptor::duplicate(process.ended()).release()),
        alarm(executor),
        bell(executor) {}

  Hub& hub;
  Peer& peer;
  const Session& session;
  SandboxProcess process;
  asio::posix::stream_descriptor pty;
  asio::posix::stream_descriptor ended;
  asio::steady_timer alarm;  // the watch's
  asio::steady_timer bell;   // of something to tell
  SessionTimes times{};
  std::optional<Reason> reason{};  // once it is decided
  bool over = false;               // the peer is closed
  bool writing_to_pty = false;     // what waits there keeps answers to pings waiting too
  std::optional<Foreseen> noticed{};
  std::optional<std::string> to_tell{};
  std::uint64_t from_browser = 0;
  std::uint64_t to_browser = 0;

  void end(Reason why) {
    if (reason) return;
    reason = why;
    process.kill();
    if (why == Reason::kGone) peer.abort();
    alarm.cancel();
  }
};

asio::awaitable<bool> show(Terminal& terminal, std::span<const std::uint8_t> bytes) {
  terminal.to_browser += bytes.size();
  terminal.hub.bytes_to_browser += bytes.size();
  co_return co_await terminal.peer.send_output(bytes);
}

asio::awaitable<void> farewell(Terminal& terminal) {
  // Its terminal is closed in every process; bwrap itself may be a moment later.
  co_await terminal.ended.async_wait(asio::posix::stream_descriptor::wait_read, kWait);
  const ExitCode code = terminal.process.reap();
  terminal.end(Reason::kExit);
  if (*terminal.reason != Reason::kGone) {
    const bool told = co_await terminal.peer.send_text(ended_message(*terminal.reason, code, {}));
    if (told) co_await terminal.peer.close(close_code(*terminal.reason));
  }
  terminal.over = true;
  terminal.peer.abort();
  terminal.alarm.cancel();
}

// Everything that goes to the browser in order: output until the terminal has no more, then the end.
asio::awaitable<void> pump_output(Terminal& terminal) {
  const std::string hello =
      banner(terminal.session.request.cluster.name, terminal.session.request.principal, terminal.session.ends_at);
  bool whole =
      co_await terminal.peer.send_text(opened_message(terminal.session.id, terminal.session.request.cluster.name,
                                                      terminal.hub.config.idle_time, terminal.session.ends_at));
  if (whole) whole = co_await show(terminal, base::as_bytes(hello));
  std::vector<std::uint8_t> buffer(limits::kWorkplaceOutputBytes);
  while (whole) {
    const auto [error, count] = co_await terminal.pty.async_read_some(asio::buffer(buffer), kWait);
    if (error) break;
    whole = co_await show(terminal, std::span(buffer).first(count));
  }
  if (!whole) terminal.end(Reason::kGone);
  co_await farewell(terminal);
}

asio::awaitable<void> type(Terminal& terminal, const std::string& keys) {
  terminal.times.last_key = Steady::now();
  terminal.from_browser += keys.size();
  terminal.hub.bytes_from_browser += keys.size();
  terminal.alarm.cancel();
  terminal.writing_to_pty = true;
  co_await asio::async_write(terminal.pty, asio::buffer(keys), kWait);  // an ended terminal is pump_output's to see
  terminal.writing_to_pty = false;
  terminal.times.heard = Steady::now();
}

asio::awaitable<void> pump_input(Terminal& terminal) {
  while (!terminal.over) {
    const auto message = co_await terminal.peer.read();
    if (!message) break;
    terminal.times.heard = Steady::now();
    if (!message->text) {
      if (!message->bytes.empty()) co_await type(terminal, message->bytes);
    } else if (const auto size = parse_resize(message->bytes)) {
      terminal.process.resize(*size);
    }
  }
  terminal.end(Reason::kGone);
}

asio::awaitable<bool> sleep_until(Terminal& terminal, Steady::time_point when) {
  terminal.alarm.expires_at(when);
  co_await terminal.alarm.async_wait(kWait);
  co_return !terminal.over;
}

// Rings once for each end that comes near; who says so to the peer may have to wait for it, which the watch must not.
void notice(Terminal& terminal, Steady::time_point now) {
  const auto left = notice_due(terminal.times, now);
  if (!left) {
    terminal.noticed.reset();
    return;
  }
  SessionTimes silent = terminal.times;
  silent.heard = now;
  const Foreseen end = foreseen_end(silent);
  if (terminal.noticed && terminal.noticed->reason == end.reason && terminal.noticed->at == end.at) return;
  terminal.noticed = end;
  terminal.to_tell = ending_message(end.reason, *left);
  terminal.bell.cancel();
}

asio::awaitable<void> tell(Terminal& terminal) {
  while (true) {
    while (auto text = std::exchange(terminal.to_tell, std::nullopt))
      co_await terminal.peer.send_text(*std::move(text));
    terminal.bell.expires_at(Steady::time_point::max());
    co_await terminal.bell.async_wait(kWait);
  }
}

asio::awaitable<void> watch(Terminal& terminal) {
  while (!terminal.reason) {
    const auto now = Steady::now();
    if (terminal.peer.answered() || terminal.writing_to_pty) terminal.times.heard = now;
    const Foreseen end = foreseen_end(terminal.times);
    if (end.at <= now) {
      terminal.end(end.reason);
      break;
    }
    notice(terminal, now);
    co_await sleep_until(terminal, std::max(next_look(terminal.times, now), now + std::chrono::milliseconds(1)));
  }
  // A peer that takes nothing must not hold the end up.
  const auto patience = Steady::now() + 2 * limits::kWorkplaceEndTime;
  while (!terminal.over && Steady::now() < patience)
    co_await sleep_until(terminal, patience);
  if (!terminal.over) terminal.peer.abort();
}

asio::awaitable<void> ping(Terminal& terminal) {
  asio::steady_timer pause(co_await asio::this_coro::executor);
  while (!terminal.reason) {
    pause.expires_after(limits::kWorkplacePingPause);
    co_await pause.async_wait(kWait);
    const bool sent = terminal.reason || co_await terminal.peer.ping();
    if (!sent) terminal.end(Reason::kGone);
  }
  pause.expires_at(Steady::time_point::max());
  co_await pause.async_wait(kWait);
}

asio::awaitable<void> run(Terminal& terminal) {
  auto output = pump_output(terminal);
  auto input = pump_input(terminal);
  auto clock = watch(terminal);
  auto pinging = ping(terminal);
  auto telling = tell(terminal);
  auto conversation = std::move(output) && std::move(input) && std::move(clock);
  // These two have nothing to finish, and go on until the others have.
  auto beside = std::move(pinging) && std::move(telling);
  co_await (std::move(conversation) || std::move(beside));
}

}  // namespace

asio::awaitable<void> serve_terminal(Hub& hub, Peer& peer, Session session) {
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  const auto opened = Steady::now();
  auto launched = launch(hub, session);
  session.request.credentials = {};
  if (!launched) {
    spdlog::error("session {} cannot start: {}", session.id, launched.error().message);
    ++hub.ended.at(static_cast<std::size_t>(Reason::kFailed));
    const bool told = co_await peer.send_text(ended_message(Reason::kFailed, 0, "the shell cannot be started"));
    if (told) co_await peer.close(close_code(Reason::kFailed));
    co_return;
  }
  auto terminal = std::make_shared<Terminal>(hub, peer, session, std::move(launched->process), executor);
  terminal->times = {opened + (session.ends_at - hub.clock.now()), opened, hub.config.idle_time, opened};
  {
    const Hub::Presence presence(hub, [executor, weak = std::weak_ptr(terminal)](Steady::time_point until) {
      asio::post(executor, [weak, until] {
        const auto alive = weak.lock();
        if (!alive) return;
        alive->times.drained_at = until;
        alive->alarm.cancel();
      });
    });
    spdlog::info("session opened id={} principal={} cluster={} request={}", session.id, session.request.principal,
                 session.request.cluster.name, session.request.request_id);
    co_await run(*terminal);
  }
  const Reason reason = terminal->reason.value_or(Reason::kFailed);
  ++hub.ended.at(static_cast<std::size_t>(reason));
  const auto seconds = std::chrono::duration_cast<base::Seconds>(Steady::now() - opened);
  spdlog::info(
      "session ended id={} principal={} cluster={} reason={} seconds={} bytes_from_browser={} "
      "bytes_to_browser={}",
      session.id, session.request.principal, session.request.cluster.name, to_string(reason), seconds.count(),
      terminal->from_browser, terminal->to_browser);
}

}  // namespace sallyport::workplace
