#include "provider/readiness.h"

#include <signal.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "provider/command_lines.h"
#include "provider/files.h"
#include "provider/plan.h"
#include "provider/process.h"
#include "provider/supervisor.h"
#include "provider/tls_get.h"

namespace sallyport::provider {

namespace {

namespace limits = base::limits;
using base::ErrorKind;
using base::fail;
using Clock = std::chrono::steady_clock;

constexpr base::Millis kPause{100};
constexpr std::chrono::seconds kTellEvery{5};
// A process that ends so often while it is waited for will not come up by itself.
constexpr std::uint64_t kMostStarts = 6;
constexpr int kMostSummons = 3;
// How long a supervisor may take to be seen after it was started, one that ended before it included.
constexpr std::chrono::seconds kSupervisorStartTime{15};

class Wait {
 public:
  Wait(const ClusterState& state, const Layout& layout, const Caller& caller)
      : state_(state), layout_(layout), caller_(caller) {}

  base::Status run(std::chrono::seconds limit) {
    if (auto planned = plan(); !planned) return planned;
    if (auto summoned = summon(); !summoned) return summoned;
    const auto started = Clock::now();
    auto told = started - kTellEvery;
    while (true) {
      if (caller_.stopped()) {
        return fail(ErrorKind::kUnavailable, "stopped by a signal; call create again to go on, or delete");
      }
      const auto now = Clock::now();
      if (is_ready()) return {};
      if (auto kept = keep_supervised(); !kept) return kept;
      if (const auto hopeless = why_hopeless(now - started)) return failure(*hopeless);
      if (now - started >= limit) {
        return failure("kube-apiserver was not ready after " + std::to_string(limit.count()) + " s (" + problem_ + ")");
      }
      if (now - told >= kTellEvery) {
        told = now;
        const auto waited = std::chrono::duration_cast<std::chrono::seconds>(now - started).count();
        caller_.tell("waiting for /readyz (" + std::to_string(waited) + " s)");
      }
      std::this_thread::sleep_for(kPause);
    }
  }

 private:
  base::Status plan() {
    auto etcd = plan_etcd(state_, layout_);
    if (!etcd) return fail(etcd.error());
    auto api_server = plan_api_server(state_, layout_);
    if (!api_server) return fail(api_server.error());
    etcd_revision_ = std::move(etcd->revision);
    api_revision_ = std::move(api_server->revision);
    return {};
  }

  std::optional<SupervisorStatus> status() const {
    const auto text = read_file(layout_.status());
    if (!text) return std::nullopt;
    auto parsed = parse_status(*text);
    if (!parsed) return std::nullopt;
    return *std::move(parsed);
  }

  bool runs_as_planned(const SupervisorStatus& status) const {
    return status.etcd.pid != 0 && status.etcd.revision == etcd_revision_ && status.api_server.pid != 0 &&
           status.api_server.revision == api_revision_;
  }

  base::Status summon() {
    if (const auto supervisor = find_supervisor(layout_)) {
      seen_ = true;
      const auto known = status();
      if (known) {
        etcd_starts_ = known->etcd.starts;
        api_starts_ = known->api_server.starts;
      }
      if (known && runs_as_planned(*known)) return {};
      caller_.tell("telling the supervisor what has changed");
      send_signal(*supervisor, SIGHUP);
      return {};
    }
    caller_.tell("starting the supervisor");
    // Of an earlier supervisor: it tells nothing about this one.
    if (auto removed = remove_file(layout_.status()); !removed) return removed;
    return start_detached({"supervise", layout_.root}, layout_.log("supervisor"));
  }

  // One that was found may have been on its way out, told to stop by somebody else.
  base::Status keep_supervised() {
    const bool runs = find_supervisor(layout_).has_value();
    if (std::exchange(seen_, runs) && !runs && ++summoned_ < kMostSummons) return summon();
    return {};
  }

  bool is_ready() {
    const auto known = status();
    if (!known || !runs_as_planned(*known)) {
      problem_ = "it has not been started as asked for";
      return false;
    }
    const auto ca = read_file(layout_.certificate(pki_names::kCa));
    const auto serving = read_file(layout_.certificate(pki_names::kApiServer));
    const auto certificate = read_file(layout_.certificate(pki_names::kAdmin));
    const auto key = read_file(layout_.key(pki_names::kAdmin));
    if (!ca || !serving || !certificate || !key) {
      problem_ = "its certificates cannot be read";
      return false;
    }
    const auto answer =
        tls_get({api_address(state_), state_.endpoint, *ca, *certificate, *key}, "/readyz", limits::kProviderProbeTime);
    if (!answer) {
      problem_ = answer.error().message;
    } else if (answer->status != 200) {
      problem_ = "/readyz answers " + std::to_string(answer->status);
    } else if (answer->certificate_pem != *serving) {
      problem_ = "it serves its former certificate still";
    } else {
      return true;
    }
    return false;
  }

  std::optional<std::string> why_hopeless(Clock::duration waited) {
    if (waited > kSupervisorStartTime && !find_supervisor(layout_)) {
      log_ = "supervisor";
      return "the supervisor has ended";
    }
    const auto known = status();
    if (!known) return std::nullopt;
    const auto often = [](const ProcessStatus& process, std::uint64_t before) {
      return process.starts >= before + kMostStarts;
    };
    if (often(known->etcd, etcd_starts_)) {
      log_ = "etcd";
      return "etcd does not stay up (" + known->etcd.last_end + ")";
    }
    if (often(known->api_server, api_starts_))
      return "kube-apiserver does not stay up (" + known->api_server.last_end + ")";
    // Where the wait ends by time, the log of what does not run tells more.
    log_ = known->etcd.pid == 0 ? "etcd" : "kube-apiserver";
    return std::nullopt;
  }

  base::Status failure(const std::string& what) const {
    const std::string path = layout_.log(log_);
    const std::string tail = tail_of(path, limits::kProviderLogTailBytes);
    return fail(ErrorKind::kUnavailable,
                what + "; see " + path + (tail.empty() ? ", which is empty" : ", which ends: " + tail));
  }

  const ClusterState& state_;
  const Layout& layout_;
  const Caller& caller_;
  std::string etcd_revision_;
  std::string api_revision_;
  std::uint64_t etcd_starts_ = 0;
  std::uint64_t api_starts_ = 0;
  bool seen_ = false;
  int summoned_ = 0;
  std::string problem_ = "it did not answer";
  std::string log_ = "kube-apiserver";
};

}  // namespace

base::Status make_ready(const ClusterState& state, const Layout& layout, std::chrono::seconds limit,
                        const Caller& caller) {
  return Wait(state, layout, caller).run(limit);
}

}  // namespace sallyport::provider
