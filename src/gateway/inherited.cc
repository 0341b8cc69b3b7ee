#include "gateway/inherited.h"

#include <map>
#include <utility>

#include "gateway/admission.h"

namespace sallyport::gateway {

std::string handed_name(const model::Listener& listener) {
  std::string name = listener.side == model::Listener::Side::kPublic ? "gateway public " : "gateway private ";
  name += listener.bind.to_string();
  if (!listener.device.empty()) name += " " + listener.device;
  return name;
}

std::size_t Inherited::index_of(const std::string& listener) const {
  for (std::size_t i = 0; i < listeners_.size(); ++i) {
    if (handed_name(listeners_[i]) == listener) return i;
  }
  return listeners_.size();
}

void Inherited::add(std::unique_ptr<Elsewhere> where, const std::vector<Relay>& relays) {
  Process process{.where = std::move(where), .relays = {}};
  std::map<std::pair<model::ClusterName, model::EndpointId>, std::shared_ptr<const model::Cluster>> named;
  std::map<std::string, std::size_t> indices;
  for (const Relay& relay : relays) {
    auto& cluster = named[{relay.cluster, relay.endpoint}];
    if (cluster == nullptr) {
      auto made = std::make_shared<model::Cluster>();
      made->name = relay.cluster;
      made->endpoint_id = relay.endpoint;
      cluster = std::move(made);
    }
    const auto [index, fresh] = indices.try_emplace(relay.listener, 0);
    if (fresh) index->second = index_of(relay.listener);
    process.relays.push_back({.id = relay.id, .listener = index->second, .source = relay.source, .cluster = cluster});
  }
  const std::lock_guard lock(mutex_);
  processes_.push_back(std::move(process));
}

bool Inherited::still_admitted(const View& view, Held& relay, bool networks_same) const {
  if (relay.listener == listeners_.size()) return false;
  if (networks_same) {
    const auto same = view.snapshot->clusters.find(relay.cluster->name);
    if (same != view.snapshot->clusters.end() && same->second == relay.cluster) return true;
  }
  const Admission now = readmit(view, relay.listener, relay.source, *relay.cluster);
  if (now.admitted) relay.cluster = now.cluster;
  return now.admitted;
}

CutCounts Inherited::enforce(const View& view) {
  CutCounts cuts;
  const bool networks_same = judged_by_ != nullptr && same_networks(*judged_by_, *view.snapshot);
  judged_by_ = view.snapshot;
  for (Process& process : processes_) {
    std::map<model::ClusterName, std::vector<std::uint64_t>> lost;
    std::vector<Held> kept;
    for (Held& relay : process.relays) {
      if (still_admitted(view, relay, networks_same)) {
        kept.push_back(std::move(relay));
      } else {
        lost[relay.cluster->name].push_back(relay.id);
      }
    }
    process.relays = std::move(kept);
    for (const auto& [cluster, ids] : lost) {
      if (const std::uint64_t count = process.where->cut(ids); count > 0) cuts[cluster] += count;
    }
  }
  const std::lock_guard lock(mutex_);
  std::erase_if(processes_, [](const Process& process) { return process.where->left() == 0; });
  return cuts;
}

void Inherited::let_go() {
  const std::lock_guard lock(mutex_);
  processes_.clear();
}

std::size_t Inherited::left() const {
  const std::lock_guard lock(mutex_);
  std::size_t left = 0;
  for (const Process& process : processes_)
    left += process.where->left();
  return left;
}

}  // namespace sallyport::gateway
