#include "api/insight/preview.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <variant>

#include <boost/json/array.hpp>

#include "api/eks/parse_update.h"
#include "base/limits.h"
#include "policy/validate.h"
#include "policy/warnings.h"

namespace sallyport::api::insight {

namespace {

namespace json = boost::json;
using base::fail;

json::object impact_view(policy::Impact impact) {
  std::ranges::stable_sort(impact.cut, std::greater(), &policy::LiveConnections::count);
  const std::size_t shown = std::min(impact.cut.size(), base::limits::kSourcesShown);
  json::array cut;
  for (std::size_t i = 0; i < shown; ++i) {
    const policy::LiveConnections& lost = impact.cut[i];
    cut.push_back(json::object{{"source", lost.source.to_string()},
                               {"side", lost.private_vpc ? "private" : "public"},
                               {"connections", lost.count}});
  }
  return {{"cut", impact.connections_cut},
          {"kept", impact.connections_kept},
          {"cutSources", std::move(cut)},
          {"cutSourcesOmitted", impact.cut.size() - shown}};
}

}  // namespace

base::Result<control::UpdateAccessRequest> parse_preview(const model::ClusterName& cluster, std::string_view body) {
  auto request = eks::parse_update_cluster(cluster, body);
  if (!request) return fail(request.error());
  auto* change = std::get_if<control::UpdateAccessRequest>(&request->change);
  if (change == nullptr) {
    return fail(base::ErrorKind::kInvalidParameter, "only a change of endpoint access can be previewed");
  }
  return std::move(*change);
}

base::Result<Preview> foretell(const control::ControlPlane& control, const Sight& sight,
                               const model::ClusterName& cluster, const control::UpdateAccessRequest& change) {
  const auto present = control.describe_cluster(cluster);
  if (!present) return fail(present.error());
  auto target = policy::changed_access(
      present->access, {change.endpoint_public_access, change.endpoint_private_access, change.public_access_cidrs}, {});
  if (!target) return fail(target.error());

  const model::SnapshotPtr snapshot = control.snapshot();
  Preview preview{present->access, *std::move(target), {}, {}, {}};
  preview.warnings = policy::access_warnings(*snapshot, *present, preview.target);
  if (sight.live) preview.impact = policy::impact(*snapshot, cluster, preview.target, sight.live(*present));
  if (sight.inherited) preview.inherited = sight.inherited();
  return preview;
}

json::object preview_view(const model::ClusterName& cluster, const Preview& preview) {
  json::array warnings;
  for (const std::string& warning : preview.warnings)
    warnings.emplace_back(warning);
  json::object view{{"cluster", cluster.str()}, {"warnings", std::move(warnings)}};
  if (!preview.impact) return view;
  json::object impact = impact_view(*preview.impact);
  // They are cut too where they must be; which they are is known to the process that has them alone.
  if (preview.inherited) impact["inEarlierProcesses"] = *preview.inherited;
  view["connections"] = std::move(impact);
  return view;
}

}  // namespace sallyport::api::insight
