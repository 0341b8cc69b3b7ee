#include "app/nodes.h"

#include <spdlog/spdlog.h>

#include <chrono>
#include <thread>
#include <utility>

#include "app/draining_process.h"
#include "base/limits.h"

namespace sallyport::app {

namespace {

using base::ErrorKind;
using base::fail;
using Steady = std::chrono::steady_clock;

constexpr auto kPoll = std::chrono::milliseconds(5);

}  // namespace

base::Status Nodes::start(const Config& config, base::NamedDescriptors* handed) {
  if (config.has_gateway()) {
    gateway::GatewayConfig of_gateway = config.gateway;
    if (config.has_dns()) {
      of_gateway.before_closing = [this] {
        if (order_.opened(base::limits::kNamesTime)) return;
        spdlog::warn("DNS is late, the gateway closes what it must without waiting longer");
      };
    }
    auto gateway = gateway::Gateway::start(std::move(of_gateway), handed);
    if (!gateway) return fail(gateway.error());
    gateway_ = *std::move(gateway);
  }
  if (config.has_dns()) {
    auto dns = dns::DnsServer::start(config.dns, handed);
    if (!dns) return fail(dns.error());
    dns_ = *std::move(dns);
  }
  return {};
}

std::vector<control::Node> Nodes::of_control(Bell& published) {
  std::vector<control::Node> nodes;
  const bool ordered = gateway_ && dns_;
  const auto add = [&](const char* name, model::ApplyFn apply) {
    nodes.push_back({name, [this, &published, node = nodes.size(), apply = std::move(apply)](
                               model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                       apply(std::move(snapshot), gate_.hold(node, std::move(done)));
                       published.ring();
                     }});
  };
  if (gateway_) {
    add("gateway", [this, ordered](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
      ordered ? order_.apply_to_gateway(std::move(snapshot), std::move(done))
              : gateway_->apply(std::move(snapshot), std::move(done));
    });
  }
  if (dns_) {
    add("dns", [this, ordered](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
      ordered ? order_.apply_to_dns(snapshot, std::move(done)) : dns_->apply(std::move(snapshot), std::move(done));
    });
  }
  return nodes;
}

base::Result<bool> Nodes::wait_for(model::Revision wanted, const std::function<bool()>& give_up) const {
  const auto deadline = Steady::now() + base::limits::kAcknowledgeTime;
  std::vector<std::string> names;
  if (gateway_) names.emplace_back("gateway");
  if (dns_) names.emplace_back("dns");
  for (std::size_t node = 0; node < names.size();) {
    const auto last = gate_.last(node);
    if (last && last->error) {
      return fail(ErrorKind::kInternal,
                  "the " + names[node] + " cannot enforce the stored state: " + last->error->message);
    }
    if (last && last->revision >= wanted) {
      ++node;
      continue;
    }
    if (Steady::now() > deadline) {
      return fail(ErrorKind::kUnavailable, "the " + names[node] + " did not enforce the stored state in time");
    }
    if (give_up()) return false;
    std::this_thread::sleep_for(kPoll);
  }
  return true;
}

void Nodes::begin(std::vector<gateway::Stranger> strangers) {
  if (gateway_) gateway_->begin(std::move(strangers));
  if (dns_) dns_->begin();
}

base::Status Nodes::judge_draining(const std::string& data_dir) {
  gateway::CutCounts cuts;
  auto draining = handover::find_draining(data_dir);
  if (!draining) return fail(draining.error());
  for (auto& process : *draining) {
    auto relays = process->relays();
    if (!relays || !gateway_) {
      spdlog::warn("process {} holds relays that cannot be judged, and is ended: {}", process->pid(),
                   relays ? "no gateway is configured" : relays.error().message);
      process->end();
      continue;
    }
    spdlog::info("process {} goes on with {} connections", process->pid(), relays->size());
    for (const auto& [cluster, count] : gateway_->inherit(std::move(process), *relays))
      cuts[cluster] += count;
  }
  gate_.open(cuts);
  return {};
}

}  // namespace sallyport::app
