#include "gateway/traffic_report.h"

#include <algorithm>
#include <string>

#include "policy/decide.h"

namespace sallyport::gateway {

TrafficReport::TrafficReport(const model::ClusterName& cluster, std::shared_ptr<const View> view,
                             const std::vector<model::Listener>& listeners, Reading now)
    : view_(std::move(view)),
      cluster_(view_ == nullptr ? nullptr : view_->snapshot->find_cluster(cluster)),
      listeners_(listeners),
      now_(now) {
  for (std::size_t listener = 0; listener < listeners_.size(); ++listener) {
    if (serves(listener)) serving_.push_back(listener);
  }
}

bool TrafficReport::serves(std::size_t listener) const {
  if (cluster_ == nullptr) return false;
  const auto& arrival = view_->listeners[listener].arrival;
  if (!arrival) return false;
  if (arrival->is_public()) return policy::serves_public(*cluster_);
  return policy::serves_private(*cluster_) && *arrival->private_vpc == cluster_->vpc_config.vpc;
}

bool TrafficReport::admits_now(bool private_side, const base::IpAddress& source) const {
  if (cluster_ == nullptr) return false;
  const policy::Arrival arrival =
      private_side ? policy::Arrival::at_private(cluster_->vpc_config.vpc) : policy::Arrival::at_public();
  return policy::decide(*view_->snapshot, *cluster_, arrival, source).allow;
}

void TrafficReport::add(const TrafficCopy& copy) {
  // The latest: what came later is counted by every worker.
  since_ = std::max(since_, copy.since);
  unnamed_since_ = std::max(unnamed_since_, copy.unnamed_since);
  if (copy.named != nullptr) {
    add(allowed_, copy.named->allowed);
    add(denied_, copy.named->denied);
    add_intervals(copy.named->intervals, true);
  }
  for (const TrafficRecord& record : copy.unnamed) {
    add(unnamed_, record.denied);
    add_intervals(record.intervals, false);
  }
}

void TrafficReport::add(Sums& sums, const FrequentSources& sources) {
  sums.total += sources.total();
  const std::uint64_t floor = sources.floor();
  sums.floor += floor;
  for (const FrequentSources::Entry& entry : sources.entries()) {
    Sum& sum = sums.by_source[{entry.source, entry.private_arrival}];
    sum.least += entry.count - entry.error;
    sum.most += entry.count;
    sum.floor += floor;
    if (entry.last < sum.last) continue;
    sum.last = entry.last;
    sum.reason = entry.reason;
  }
}

void TrafficReport::add_intervals(const RecentIntervals& intervals, bool named) {
  for (const RecentIntervals::Counts& counts : intervals.recent(now_.first)) {
    model::TrafficInterval& sum = intervals_[counts.number];
    sum.allowed += counts.allowed;
    (named ? sum.denied : sum.unnamed) += counts.denied;
  }
}

void TrafficReport::add_drops(std::size_t listener, const std::vector<SynFilter::Drop>& drops) {
  const bool private_side = listeners_[listener].side == model::Listener::Side::kPrivate;
  for (const SynFilter::Drop& drop : drops) {
    Sum& sum = dropped_.by_source[{drop.source, private_side}];
    sum.least += drop.count;
    sum.most += drop.count;
    sum.reason = Refusal::kNotAdmittedAnywhere;
    sum.last = std::max(sum.last, drop.last);
  }
}

base::Time TrafficReport::wall(Instant at) const {
  return now_.second - std::chrono::duration_cast<base::Millis>(now_.first - at);
}

void TrafficReport::append(std::vector<model::SourceTraffic>& to, const Sums& sums, bool by_kernel) const {
  for (const auto& [key, sum] : sums.by_source) {
    model::SourceTraffic& source = to.emplace_back();
    source.source = key.first;
    source.private_arrival = key.second;
    source.connections = sum.least;
    source.uncertain = sum.most - sum.least + sums.floor - sum.floor;
    if (sum.reason != Refusal::kCount) source.reason = to_string(sum.reason);
    source.allowed_now = admits_now(key.second, key.first);
    source.by_kernel = by_kernel;
    source.last_seen = wall(sum.last);
  }
  // By what is certain and what may be: what came often is in front for certain, with what replaced it.
  std::ranges::stable_sort(to, std::ranges::greater{}, [](const model::SourceTraffic& source) {
    return std::pair(source.connections + source.uncertain, source.connections);
  });
}

model::Traffic TrafficReport::finish(Instant begun) {
  model::Traffic traffic;
  traffic.since = wall(std::max(begun, since_));
  traffic.unnamed_since = wall(std::max(begun, unnamed_since_));
  traffic.interval = RecentIntervals::kLength;
  traffic.allowed = allowed_.total;
  traffic.denied = denied_.total;
  traffic.unnamed = unnamed_.total;
  append(traffic.allowed_sources, allowed_, false);
  append(traffic.denied_sources, denied_, false);
  append(traffic.unnamed_sources, unnamed_, false);
  append(traffic.unnamed_sources, dropped_, true);
  const std::int64_t last = RecentIntervals::number_of(now_.first);
  for (auto number = last - static_cast<std::int64_t>(RecentIntervals::kIntervals) + 1; number <= last; ++number) {
    model::TrafficInterval interval = intervals_[number];
    interval.start = std::chrono::round<base::Seconds>(wall(Instant(number * RecentIntervals::kLength)));
    traffic.intervals.push_back(interval);
  }
  return traffic;
}

}  // namespace sallyport::gateway
