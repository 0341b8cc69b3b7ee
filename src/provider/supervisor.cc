#include "provider/supervisor.h"

#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/limits.h"
#include "base/time.h"
#include "provider/command_lines.h"
#include "provider/files.h"
#include "provider/locks.h"
#include "provider/network.h"
#include "provider/pki.h"
#include "provider/plan.h"
#include "provider/rotating_log.h"
#include "provider/state.h"
#include "provider/supervised.h"

namespace sallyport::provider {

namespace {

namespace limits = base::limits;

constexpr std::chrono::milliseconds kEtcdPause{100};
// A supervisor that was killed takes its processes with it; the kernel may need a moment.
constexpr base::Millis kTakeOverTime{10'000};

base::Descriptor block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&signals, number);
  sigprocmask(SIG_BLOCK, &signals, nullptr);
  ::signal(SIGPIPE, SIG_IGN);
  return base::Descriptor(::signalfd(-1, &signals, SFD_CLOEXEC | SFD_NONBLOCK));
}

base::Result<ClusterState> load_state(const Layout& layout) {
  const auto text = read_file(layout.state());
  if (!text) return base::fail(text.error());
  return parse_state(*text);
}

class Supervisor {
 public:
  Supervisor(Layout layout, ClusterState state, FileLock running, base::Descriptor signals)
      : layout_(std::move(layout)),
        state_(std::move(state)),
        running_(std::move(running)),
        signals_(std::move(signals)),
        journal_(layout_.log("supervisor"), limits::kProviderLogBytes),
        etcd_("etcd", limits::kProviderEtcdStopTime, layout_, journal_),
        api_server_("kube-apiserver", limits::kProviderApiServerStopTime, layout_, journal_) {}

  void run() {
    journal_.line("supervising as process " + std::to_string(::getpid()));
    while (true) {
      const Instant now = std::chrono::steady_clock::now();
      etcd_.look(now);
      api_server_.look(now);
      take_signals(now);
      if (stopping_) {
        if (stopped(now)) break;
      } else {
        advance(now);
      }
      etcd_.kill_overdue(now);
      api_server_.kill_overdue(now);
      publish();
      wait();
    }
    publish();
    journal_.line("stopped");
  }

 private:
  void advance(Instant now) {
    renew(now);
    if (etcd_.is_due(now)) etcd_.start(plan_etcd(state_, layout_), running_.descriptor(), now);
    if (!api_server_.is_due(now)) return;
    // It would give up by itself, after longer than etcd takes.
    const auto etcd = base::IpAddress::parse(kEtcdAddress).value_or(base::IpAddress());
    if (etcd_.runs() && accepts_connections({etcd, state_.ports.etcd_client})) {
      api_server_.start(plan_api_server(state_, layout_), running_.descriptor(), now);
    } else {
      api_server_.defer(now + kEtcdPause);
    }
  }

  // In the order that lets the API server finish its writes.
  bool stopped(Instant now) {
    if (api_server_.runs()) {
      api_server_.stop(now);
    } else if (etcd_.runs()) {
      etcd_.stop(now);
    } else {
      return true;
    }
    return false;
  }

  void renew(Instant now) {
    if (now < renewal_) return;
    renewal_ = now + limits::kProviderRenewalPause;
    // As create wrote it last: names change without a word to this process.
    const auto state = load_state(layout_);
    if (!state) return journal_.line("cannot read cluster.json: " + state.error().message);
    if (auto done = ensure_pki(*state, layout_, base::SystemClock().now()); !done) {
      journal_.line("cannot renew certificates: " + done.error().message);
    }
  }

  void take_signals(Instant now) {
    signalfd_siginfo signal{};
    while (::read(signals_.get(), &signal, sizeof(signal)) == sizeof(signal)) {
      if (signal.ssi_signo == SIGHUP) {
        reload(now);
      } else {
        stopping_ = true;
      }
    }
  }

  void reload(Instant now) {
    auto state = load_state(layout_);
    if (!state) return journal_.line("cannot read cluster.json: " + state.error().message);
    state_ = *std::move(state);
    refresh(etcd_, plan_etcd(state_, layout_), now);
    refresh(api_server_, plan_api_server(state_, layout_), now);
  }

  void refresh(Supervised& process, const base::Result<Plan>& plan, Instant now) {
    process.hurry(now);
    if (!plan) return journal_.line("cannot restart " + process.name() + ": " + plan.error().message);
    if (process.status().revision != plan->revision) process.stop(now);
  }

  void publish() {
    const SupervisorStatus status{::getpid(), etcd_.status(), api_server_.status()};
    if (status == published_) return;
    published_ = status;
    if (auto written = write_file(layout_.status(), render_status(status)); !written) {
      journal_.line(written.error().message);
    }
  }

  void wait() {
    const Instant now = std::chrono::steady_clock::now();
    Instant until = std::min(etcd_.next(now), api_server_.next(now));
    // While stopping, nothing is started: only ends and deadlines matter, and each is a descriptor or a kill time.
    if (stopping_) until = std::max(until, now + kEtcdPause);
    const auto left = std::chrono::ceil<base::Millis>(until - now).count();
    std::array<pollfd, 5> watched{{{signals_.get(), POLLIN, 0},
                                   {etcd_.handle(), POLLIN, 0},
                                   {etcd_.output(), POLLIN, 0},
                                   {api_server_.handle(), POLLIN, 0},
                                   {api_server_.output(), POLLIN, 0}}};
    ::poll(watched.data(), watched.size(), static_cast<int>(std::clamp<decltype(left)>(left, 0, 3'600'000)));
  }

  Layout layout_;
  ClusterState state_;
  FileLock running_;
  base::Descriptor signals_;
  RotatingLog journal_;
  Supervised etcd_;
  Supervised api_server_;
  SupervisorStatus published_;
  Instant renewal_{};
  bool stopping_ = false;
};

}  // namespace

int supervise(const std::string& folder) {
  ::umask(S_IRWXG | S_IRWXO);
  // Before the lock tells others that they may signal.
  base::Descriptor signals = block_signals();
  const Layout layout{folder};
  RotatingLog journal(layout.log("supervisor"), limits::kProviderLogBytes);
  const auto failed = [&](const base::Error& error) {
    journal.line("cannot supervise: " + error.message);
    return 1;
  };
  auto running = FileLock::take(layout.running_lock(), kTakeOverTime, [] { return false; });
  if (!running) return failed(running.error());
  const auto named = NamedLock::take(layout.supervisor_lock());
  if (!named) return failed(named.error());
  auto state = load_state(layout);
  if (!state) return failed(state.error());
  Supervisor(layout, *std::move(state), *std::move(running), std::move(signals)).run();
  return 0;
}

std::optional<base::Descriptor> find_supervisor(const Layout& layout) {
  const auto pid = NamedLock::holder(layout.supervisor_lock());
  if (!pid) return std::nullopt;
  base::Descriptor process = open_process(*pid);
  // Asked again: the number may have gone to another process before its descriptor was made.
  if (!process.valid() || NamedLock::holder(layout.supervisor_lock()) != pid) return std::nullopt;
  return process;
}

}  // namespace sallyport::provider
