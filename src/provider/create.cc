#include "provider/create.h"

#include <chrono>
#include <filesystem>
#include <optional>
#include <set>
#include <system_error>
#include <thread>
#include <utility>

#include "base/time.h"
#include "provider/binaries.h"
#include "provider/command_lines.h"
#include "provider/files.h"
#include "provider/kubeconfig.h"
#include "provider/layout.h"
#include "provider/locks.h"
#include "provider/network.h"
#include "provider/pki.h"
#include "provider/readiness.h"
#include "provider/remove.h"
#include "provider/state.h"
#include "provider/supervisor.h"

namespace sallyport::provider {

namespace {

using base::ErrorKind;
using base::fail;

constexpr base::Millis kPortsLockTime{10'000};
constexpr base::Millis kPause{100};
// Killed with their supervisor, the processes may need a moment to be gone, and their ports one more to be free.
constexpr base::Millis kGoneTime{15'000};
constexpr base::Millis kFreeTime{2'000};

// Nothing where the cluster's folder has no state yet.
base::Result<std::optional<ClusterState>> known_state(const Layout& layout) {
  const auto text = read_file(layout.state());
  if (!text && text.error().kind == ErrorKind::kNotFound) return std::optional<ClusterState>();
  if (!text) return fail(text.error());
  auto state = parse_state(*text);
  if (state) return std::optional<ClusterState>(*std::move(state));
  return fail(state.error().kind, layout.state() + " does not decode: " + state.error().message +
                                      "; restore it from a backup, or delete the cluster");
}

base::Status check_change(const ClusterState& from, const CreateRequest& to) {
  if (from.service_cidr != to.service_cidr) {
    return fail(ErrorKind::kInvalidRequest, "serviceIpv4Cidr of a cluster cannot be changed: it is " +
                                                from.service_cidr + ", asked for is " + to.service_cidr);
  }
  const KubernetesVersion next{from.version.major, from.version.minor + 1};
  if (to.version != from.version && to.version != next) {
    return fail(ErrorKind::kInvalidRequest, "version can only be raised by one minor release at a time: it is " +
                                                from.version.to_string() + ", asked for is " + to.version.to_string());
  }
  return {};
}

base::Status make_folders(const Layout& layout) {
  for (const std::string& path : {layout.root, layout.pki(), layout.config(), layout.etcd_data(), layout.logs()}) {
    if (auto made = make_folder(path); !made) return made;
  }
  return {};
}

std::set<std::uint16_t> ports_of_others(const StateDir& dir, const model::EndpointId& id) {
  std::set<std::uint16_t> taken;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(dir.root, ignored)) {
    if (entry.path().filename() == id.str()) continue;
    // One that does not decode may keep its ports by listening on them.
    const auto state = known_state(Layout{entry.path().string()});
    if (!state || !*state) continue;
    const Ports& ports = (*state)->ports;
    taken.insert({ports.api, ports.etcd_client, ports.etcd_peer});
  }
  return taken;
}

bool are_free(const Ports& ports, const base::IpAddress& address) {
  const auto etcd = base::IpAddress::parse(kEtcdAddress).value_or(base::IpAddress());
  return is_free({address, ports.api}) && is_free({etcd, ports.etcd_client}) && is_free({etcd, ports.etcd_peer});
}

// Whether the cluster's supervisor runs; where it does not, none of its processes does when this returns.
base::Result<bool> is_supervised(const Layout& layout, const Caller& caller) {
  for (base::Millis waited{0}; waited < kGoneTime && !caller.stopped(); waited += kPause) {
    if (find_supervisor(layout)) return true;
    const auto running = FileLock::try_take(layout.running_lock());
    if (!running) return fail(running.error());
    if (*running) return false;
    std::this_thread::sleep_for(kPause);
  }
  return fail(ErrorKind::kUnavailable,
              "processes of " + layout.root + " are left without a supervisor; call create again");
}

bool become_free(const Ports& ports, const base::IpAddress& address) {
  for (base::Millis waited{0}; waited < kFreeTime; waited += kPause) {
    if (are_free(ports, address)) return true;
    std::this_thread::sleep_for(kPause);
  }
  return false;
}

// Keeps the ports that the cluster has, unless another program took one while the cluster did not run.
base::Status settle_ports(ClusterState& state, const StateDir& dir, const Layout& layout, const Options& options,
                          const Caller& caller) {
  const auto lock = FileLock::take(dir.ports_lock(), kPortsLockTime, caller.stopped);
  if (!lock) return fail(lock.error());
  const bool has_ports = state.ports.api != 0;
  const auto supervised = is_supervised(layout, caller);
  if (!supervised) return fail(supervised.error());
  if (!has_ports || (!*supervised && !become_free(state.ports, state.address))) {
    const auto etcd = base::IpAddress::parse(kEtcdAddress).value_or(base::IpAddress());
    const auto chosen = choose_ports(options.ports, ports_of_others(dir, state.id), [&](std::uint16_t port) {
      return is_free({state.address, port}) && is_free({etcd, port});
    });
    if (!chosen) return fail(chosen.error());
    state.ports = *chosen;
    caller.tell("taking port " + std::to_string(state.ports.api) + " for the API server, " +
                std::to_string(state.ports.etcd_client) + " and " + std::to_string(state.ports.etcd_peer) +
                " for etcd");
  }
  // Under the lock: from now on other clusters see the ports as taken.
  return keep_file(layout.state(), render_state(state));
}

base::Status write_configuration(const ClusterState& state, const CreateRequest& request, const Layout& layout) {
  if (limits_anonymous(state.binary_version)) {
    if (auto kept = keep_file(layout.authentication_config(), authentication_configuration()); !kept) return kept;
  }
  if (!request.webhooks) {
    if (auto removed = remove_file(layout.authentication_webhook()); !removed) return removed;
    return remove_file(layout.authorization_webhook());
  }
  const Webhooks& hooks = *request.webhooks;
  if (auto kept = keep_file(layout.authentication_webhook(),
                            webhook_kubeconfig(hooks.authentication, hooks.ca_pem, hooks.bearer_token));
      !kept) {
    return kept;
  }
  return keep_file(layout.authorization_webhook(),
                   webhook_kubeconfig(hooks.authorization, hooks.ca_pem, hooks.bearer_token));
}

ClusterState wanted_state(const CreateRequest& request, const Options& options, const Binaries& binaries,
                          const std::optional<ClusterState>& known) {
  ClusterState state;
  state.id = request.id;
  state.cluster = request.cluster;
  state.endpoint = request.endpoint;
  state.version = request.version;
  state.service_cidr = request.service_cidr;
  state.sans = request.sans;
  state.address = options.address;
  state.kube_apiserver = binaries.kube_apiserver;
  state.etcd = binaries.etcd;
  state.binary_version = binaries.version;
  state.webhooks = request.webhooks.has_value();
  if (known) {
    state.ports = known->ports;
    state.was_ready = known->was_ready;
  }
  return state;
}

base::Result<Created> result_of(const ClusterState& state, const Layout& layout) {
  auto ca = read_file(layout.certificate(pki_names::kCa));
  if (!ca) return fail(ca.error());
  return Created{{api_address(state).to_string()}, *std::move(ca)};
}

// The cluster's lock is held.
base::Result<Created> bring_about(const CreateRequest& request, const Options& options, const Caller& caller,
                                  const StateDir& dir, const Binaries& binaries) {
  const Layout layout{dir.cluster(request.id)};
  const auto known = known_state(layout);
  if (!known) return fail(known.error());
  if (*known) {
    if (auto allowed = check_change(**known, request); !allowed) return fail(allowed.error());
  }
  if (auto made = make_folders(layout); !made) return fail(made.error());
  ClusterState state = wanted_state(request, options, binaries, *known);
  if (auto settled = settle_ports(state, dir, layout, options, caller); !settled) return fail(settled.error());
  caller.tell("making or checking the keys and certificates");
  if (auto made = ensure_pki(state, layout, base::SystemClock().now()); !made) return fail(made.error());
  if (auto written = write_configuration(state, request, layout); !written) return fail(written.error());
  if (auto ready = make_ready(state, layout, options.timeout, caller); !ready) {
    // One that never served is not left to fail again and again; its folder tells why, and delete removes it.
    if (!state.was_ready && !caller.stopped()) {
      caller.tell("stopping what does not come up");
      if (auto stopped = stop_cluster(layout, caller); !stopped) caller.tell(stopped.error().message);
    }
    return fail(std::move(ready.error()));
  }
  state.was_ready = true;
  if (auto kept = keep_file(layout.state(), render_state(state)); !kept) return fail(kept.error());
  return result_of(state, layout);
}

}  // namespace

base::Result<Created> create(const CreateRequest& request, const Options& options, const Caller& caller) {
  // Before anything is made, so that a machine that cannot do it is left as it was.
  const auto binaries = find_binaries(options, request.version);
  if (!binaries) return fail(binaries.error());
  const StateDir dir{options.state_dir};
  if (auto made = make_folder(dir.root); !made) {
    return fail(made.error().kind, made.error().message + "; or give another folder with --state-dir");
  }
  const auto lock = lock_cluster(dir, request.id, options, caller);
  if (!lock) return fail(lock.error());
  if (auto removed = remove_folder(dir.leaving(request.id)); !removed) return fail(removed.error());
  return bring_about(request, options, caller, dir, *binaries);
}

}  // namespace sallyport::provider
