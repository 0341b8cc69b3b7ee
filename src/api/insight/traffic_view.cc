#include "api/insight/traffic_view.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <boost/json/array.hpp>

#include "base/limits.h"

namespace sallyport::api::insight {

namespace {

namespace json = boost::json;
using base::limits::kSourcesShown;

json::object source_view(const model::SourceTraffic& source) {
  json::object view{{"source", source.source.to_string()},
                    {"side", source.private_arrival ? "private" : "public"},
                    {"connections", source.connections},
                    {"lastSeen", base::format_rfc3339(source.last_seen)},
                    {"allowedNow", source.allowed_now}};
  if (source.uncertain > 0) view["uncertain"] = source.uncertain;
  if (!source.reason.empty()) view["reason"] = source.reason;
  return view;
}

json::object group_view(std::uint64_t total, const std::vector<model::SourceTraffic>& sources) {
  json::array shown;
  for (std::size_t i = 0; i < std::min(sources.size(), kSourcesShown); ++i) {
    shown.push_back(source_view(sources[i]));
    if (sources[i].by_kernel) shown.back().as_object()["droppedBy"] = "kernel-filter";
  }
  const std::size_t omitted = sources.size() - shown.size();
  return {{"connections", total}, {"sources", std::move(shown)}, {"sourcesOmitted", omitted}};
}

std::string kernel_note(const model::Traffic& traffic) {
  const std::string others =
      " What was refused for another reason than its source (no server name, or one of no cluster; a first message "
      "that "
      "was malformed or late) is counted in the metrics alone.";
  if (!traffic.kernel_filter) {
    return "No kernel filter is active: every connection whose source was denied is counted." + others;
  }
  const std::string what =
      "Sources that no cluster of a listener admits are dropped in the kernel, before they name a cluster. They are in "
      "no interval and in no total but droppedSyns, which is of all listeners, counts a client's repetitions and goes "
      "on "
      "where a restart hands the filter over; ";
  return what +
         (traffic.kernel_sources ? "the most recent of them are among unnamed.sources."
                                 : "their addresses are not known: the filter was handed over by an earlier version.") +
         others;
}

}  // namespace

json::object traffic_view(const model::Traffic& traffic) {
  json::object unnamed = group_view(traffic.unnamed, traffic.unnamed_sources);
  unnamed["since"] = base::format_rfc3339(traffic.unnamed_since);
  json::array intervals;
  for (const model::TrafficInterval& interval : traffic.intervals) {
    intervals.push_back(json::object{{"start", base::format_rfc3339(interval.start)},
                                     {"allowed", interval.allowed},
                                     {"denied", interval.denied},
                                     {"unnamed", interval.unnamed}});
  }
  return {{"since", base::format_rfc3339(traffic.since)},
          {"intervalSeconds", traffic.interval.count()},
          {"intervals", std::move(intervals)},
          {"allowed", group_view(traffic.allowed, traffic.allowed_sources)},
          {"denied", group_view(traffic.denied, traffic.denied_sources)},
          {"unnamed", std::move(unnamed)},
          {"kernelFilter",
           {{"active", traffic.kernel_filter},
            {"droppedSyns", traffic.kernel_dropped},
            {"sourcesKnown", traffic.kernel_sources},
            {"note", kernel_note(traffic)}}},
          {"untracked", traffic.untracked}};
}

}  // namespace sallyport::api::insight
