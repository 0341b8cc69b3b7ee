#include "workplace/terminal.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <memory>
#include <utility>
#include <variant>
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
#include "net/within.h"
#include "workplace/launch.h"
#include "workplace/session_clock.h"

namespace sallyport::workplace {

namespace {

namespace asio = boost::asio;
namespace limits = base::limits;
using namespace asio::experimental::awaitable_operators;

constexpr auto kWait = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t kFirstWords = 512;

asio::awaitable<void> for_ever(asio::steady_timer& timer) {
  timer.expires_at(Steady::time_point::max());
  co_await timer.async_wait(kWait);
}

// One terminal while it is open, on its strand. It ends in one way: the process is killed, or ends by itself; its
// output ends; the peer is told and closed; the rest follows from that.
struct Terminal {
  Terminal(Hub& the_hub, Peer& the_peer, const Session& the_session, Launched launched,
           const asio::any_io_executor& executor)
      : hub(the_hub),
        peer(the_peer),
        session(the_session),
        cgroup(std::move(launched.cgroup)),
        process(std::move(launched.process)),
        pty(executor, base::Descriptor::duplicate(process.terminal()).release()),
        ended(executor, base::Descriptor::duplicate(process.ended()).release()),
        status(executor, base::Descriptor::duplicate(process.status()).release()),
        alarm(executor),
        bell(executor),
        room(executor) {}

  Hub& hub;
  Peer& peer;
  const Session& session;
  std::optional<SessionCgroup> cgroup;
  SandboxProcess process;
  asio::posix::stream_descriptor pty;
  asio::posix::stream_descriptor ended;
  asio::posix::stream_descriptor status;
  asio::steady_timer alarm;  // the watch's
  asio::steady_timer bell;   // of something to tell
  asio::steady_timer room;   // of a browser that has shown more
  SessionTimes times{};
  std::optional<Reason> reason{};  // once it is decided
  bool over = false;               // the peer is closed
  bool no_more = false;            // output that comes now is not the session's
  bool writing_to_pty = false;     // what waits there keeps answers to pings waiting too
  std::optional<Foreseen> noticed{};
  std::optional<std::string> to_tell{};
  std::uint64_t from_browser = 0;
  std::uint64_t to_browser = 0;
  std::uint64_t seen = 0;        // of to_browser, as the browser says
  std::string first_words = {};  // of the output: what bubblewrap says where it fails

  void kill() {
    process.kill();
    if (cgroup) cgroup->kill();
  }

  void end(Reason why) {
    if (reason) return;
    reason = why;
    kill();
    if (why == Reason::kGone) peer.abort();
    alarm.cancel();
    room.cancel();
  }
};

asio::awaitable<bool> show(Terminal& terminal, std::span<const std::uint8_t> bytes) {
  terminal.to_browser += bytes.size();
  terminal.hub.bytes_to_browser += bytes.size();
  co_return co_await terminal.peer.send_output(bytes);
}

// Control characters of a sandbox that failed are not for the log.
std::string on_one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char c) { return c < ' ' || c > '~'; }, ' ');
  return text;
}

asio::awaitable<void> farewell(Terminal& terminal) {
  // Its terminal is closed in every process; bwrap itself may be a moment later.
  co_await terminal.ended.async_wait(asio::posix::stream_descriptor::wait_read, kWait);
  terminal.kill();
  const ExitCode code = terminal.process.reap();
  std::string why;
  if (!terminal.reason && !terminal.process.ran()) {
    spdlog::error("session {}: the sandbox was not made, or ended from outside, with {}: {}", terminal.session.id, code,
                  on_one_line(terminal.first_words));
    why = "The sandbox could not be made, or was ended from outside; the host's log says more.";
    terminal.end(Reason::kFailed);
  }
  terminal.end(Reason::kExit);
  if (*terminal.reason != Reason::kGone) {
    const bool told = co_await terminal.peer.send_text(ended_message(*terminal.reason, code, why));
    if (told) co_await terminal.peer.close(close_code(*terminal.reason));
  }
  terminal.over = true;
  terminal.peer.abort();
  terminal.alarm.cancel();
}

// Until the browser has shown enough of what it was sent: it would keep the rest in its memory without a bound.
asio::awaitable<void> wait_for_room(Terminal& terminal) {
  while (!terminal.reason && !terminal.no_more &&
         terminal.to_browser - terminal.seen >= limits::kWorkplaceUnseenBytes) {
    terminal.room.expires_at(Steady::time_point::max());
    co_await terminal.room.async_wait(kWait);
  }
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
    co_await wait_for_room(terminal);
    const auto [error, count] = co_await terminal.pty.async_read_some(asio::buffer(buffer), kWait);
    if (error) break;
    const std::string_view words = base::as_text(std::span(buffer).first(count));
    terminal.first_words += words.substr(0, kFirstWords - std::min(kFirstWords, terminal.first_words.size()));
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
    } else if (const auto said = parse_said(message->bytes)) {
      if (const auto* size = std::get_if<Size>(&*said)) terminal.process.resize(*size);
      if (const auto* seen = std::get_if<Seen>(&*said)) {
        terminal.seen = std::min(std::max(terminal.seen, seen->bytes), terminal.to_browser);
        terminal.room.cancel();
      }
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
    co_await for_ever(terminal.bell);
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
  co_await for_ever(pause);
}

// Holds the sandbox's first process as soon as bwrap names it.
asio::awaitable<void> meet(Terminal& terminal) {
  asio::steady_timer rest(co_await asio::this_coro::executor);
  bool over = false;
  while (!over) {
    const auto [error] = co_await terminal.status.async_wait(asio::posix::stream_descriptor::wait_read, kWait);
    over = error || terminal.process.meet();
  }
  co_await for_ever(rest);
}

// The end of the sandbox is the end of the session, though somebody else may have been handed its terminal, which then
// does not end.
asio::awaitable<void> outlast(Terminal& terminal) {
  asio::steady_timer rest(co_await asio::this_coro::executor);
  co_await terminal.ended.async_wait(asio::posix::stream_descriptor::wait_read, kWait);
  terminal.kill();
  rest.expires_after(limits::kWorkplaceLastOutputTime);
  co_await rest.async_wait(kWait);
  terminal.no_more = true;
  terminal.room.cancel();
  boost::system::error_code ignored;
  terminal.pty.close(ignored);
  co_await for_ever(rest);
}

asio::awaitable<bool> last_process_gone(Terminal& terminal) {
  asio::posix::stream_descriptor all(co_await asio::this_coro::executor,
                                     base::Descriptor::duplicate(terminal.process.all_ended()).release());
  const auto [error] = co_await all.async_wait(asio::posix::stream_descriptor::wait_read, kWait);
  co_return !error;
}

// Nothing is left of the session before its uid and its place are another's.
asio::awaitable<void> clear_away(Terminal& terminal) {
  const auto until = Steady::now() + limits::kWorkplaceEndTime;
  bool gone = true;
  if (terminal.process.all_ended() >= 0) {
    auto ending = last_process_gone(terminal);
    gone = (co_await net::within(limits::kWorkplaceEndTime, std::move(ending))).value_or(false);
  }
  asio::steady_timer pause(co_await asio::this_coro::executor);
  while (terminal.cgroup && !terminal.cgroup->remove() && Steady::now() < until) {
    pause.expires_after(std::chrono::milliseconds(10));
    co_await pause.async_wait(kWait);
  }
  const bool removed = !terminal.cgroup || terminal.cgroup->remove();
  if (!gone || !removed)
    spdlog::error("session {} was killed, and a process of it is still there", terminal.session.id);
}

asio::awaitable<void> run(Terminal& terminal) {
  auto output = pump_output(terminal);
  auto input = pump_input(terminal);
  auto clock = watch(terminal);
  auto pinging = ping(terminal);
  auto telling = tell(terminal);
  auto meeting = meet(terminal);
  auto outlasting = outlast(terminal);
  auto conversation = std::move(output) && std::move(input) && std::move(clock);
  // These have nothing to finish, and go on until the others have.
  auto beside = std::move(pinging) && std::move(telling) && std::move(meeting) && std::move(outlasting);
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
  auto terminal = std::make_shared<Terminal>(hub, peer, session, *std::move(launched), executor);
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
    co_await clear_away(*terminal);
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
