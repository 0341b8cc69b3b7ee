#include "gateway/traffic_table.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sallyport::gateway {

namespace {

constexpr Refusal kNone = Refusal::kCount;

void begin_anew(TrafficRecord& record, FrequentSources::Instant since) {
  record.since = since;
  record.allowed.clear();
  record.denied.clear();
  record.intervals.clear();
}

}  // namespace

void RecentIntervals::add(bool allowed, Instant now) {
  const std::int64_t number = number_of(now);
  Counts& counts = ring_[static_cast<std::size_t>(number) % kIntervals];
  if (counts.number != number) counts = {.number = number};
  ++(allowed ? counts.allowed : counts.denied);
}

std::vector<RecentIntervals::Counts> RecentIntervals::recent(Instant now) const {
  const std::int64_t last = number_of(now);
  std::vector<Counts> found;
  std::ranges::copy_if(ring_, std::back_inserter(found), [last](const Counts& counts) {
    return counts.number > last - static_cast<std::int64_t>(kIntervals) && counts.number <= last;
  });
  return found;
}

TrafficTable::TrafficTable(std::size_t listeners, Counters& counters, Instant now)
    : counters_(counters), listeners_(listeners) {
  begin(now);
}

void TrafficTable::begin(Instant now) {
  begun_ = lost_ = now;
  for (TrafficRecord& record : listeners_)
    begin_anew(record, now);
}

void TrafficTable::allowed(const model::Cluster& cluster, const base::IpAddress& source, bool private_arrival,
                           Instant now) {
  if (TrafficRecord* record = record_of(cluster, now)) count(*record, source, private_arrival, kNone, now);
}

void TrafficTable::denied(const model::Cluster& cluster, const base::IpAddress& source, bool private_arrival,
                          Refusal reason, Instant now) {
  if (TrafficRecord* record = record_of(cluster, now)) count(*record, source, private_arrival, reason, now);
}

void TrafficTable::unnamed(std::size_t listener, const base::IpAddress& source, bool private_arrival, Instant now) {
  count(listeners_[listener], source, private_arrival, Refusal::kNotAdmittedAnywhere, now);
}

const TrafficRecord* TrafficTable::of(const model::Cluster& cluster) const {
  const auto found = by_endpoint_.find(cluster.endpoint_id);
  return found == by_endpoint_.end() ? nullptr : &found->second->record;
}

TrafficCopy TrafficTable::copy(const model::Cluster& cluster, const std::vector<std::size_t>& listeners) const {
  TrafficCopy copied;
  const TrafficRecord* record = of(cluster);
  if (record != nullptr) copied.named = std::make_unique<const TrafficRecord>(*record);
  copied.since = record == nullptr ? lost_ : record->since;
  copied.unnamed_since = begun_;
  copied.unnamed.reserve(listeners.size());
  for (const std::size_t listener : listeners)
    copied.unnamed.push_back(listeners_[listener]);
  return copied;
}

void TrafficTable::count(TrafficRecord& record, const base::IpAddress& source, bool private_arrival, Refusal reason,
                         Instant now) {
  const bool allowed = reason == kNone;
  record.intervals.add(allowed, now);
  FrequentSources& sources = allowed ? record.allowed : record.denied;
  if (sources.add(source, private_arrival, reason, now)) Counters::add(counters_.traffic_sources_replaced);
}

TrafficRecord* TrafficTable::record_of(const model::Cluster& cluster, Instant now) {
  const auto found = by_endpoint_.find(cluster.endpoint_id);
  const auto place = found == by_endpoint_.end() ? room_for(cluster.endpoint_id, now) : std::optional(found->second);
  if (!place) {
    lost_ = now;
    Counters::add(counters_.traffic_untracked);
    return nullptr;
  }
  (*place)->last = now;
  clusters_.splice(clusters_.begin(), clusters_, *place);
  return &(*place)->record;
}

std::optional<TrafficTable::Place> TrafficTable::room_for(const model::EndpointId& endpoint, Instant now) {
  const Instant since = lost_;  // what is lost here is another's
  if (clusters_.size() < kClusters) {
    clusters_.emplace_front();
    Counters::add(counters_.traffic_clusters);
  } else {
    const Place oldest = std::prev(clusters_.end());
    if (now - oldest->last < RecentIntervals::kLength * RecentIntervals::kIntervals) return std::nullopt;
    lost_ = std::max(lost_, oldest->last);
    by_endpoint_.erase(oldest->endpoint);
    clusters_.splice(clusters_.begin(), clusters_, oldest);
  }
  Tracked& tracked = clusters_.front();
  tracked.endpoint = endpoint;
  begin_anew(tracked.record, since);
  by_endpoint_[endpoint] = clusters_.begin();
  return clusters_.begin();
}

}  // namespace sallyport::gateway
