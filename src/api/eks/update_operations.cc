#include <charconv>
#include <utility>

#include "api/eks/eks_errors.h"
#include "api/eks/eks_handlers.h"
#include "api/eks/fields.h"
#include "api/eks/parse_update.h"
#include "api/eks/query.h"
#include "api/eks/render_update.h"
#include "api/eks/responses.h"
#include "api/page_token.h"
#include "wire/uri.h"

namespace sallyport::api::eks {

namespace {

// Updates of things inside a cluster, which Sallyport does not have.
base::Status refuse_parts(const Query& query) {
  for (const char* name : {"nodegroupName", "addonName", "capabilityName"}) {
    if (query.all(name).empty()) continue;
    return base::fail(
        base::ErrorKind::kInvalidParameter,
        std::string(name) + " is not supported by Sallyport, which keeps updates of clusters only; leave it out", name);
  }
  return {};
}

base::Result<store::HistoryPosition> parse_position(const std::string& text) {
  store::HistoryPosition position;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), position.sequence);
  if (code != std::errc{} || end != text.data() + text.size()) {
    return base::fail(base::ErrorKind::kInvalidParameter, "nextToken is not valid; start again without it",
                      "nextToken");
  }
  return position;
}

HttpResponse update_answer(const model::Update& update) {
  return json_answer(wire::JsonObject{{"update", render_update(update)}});
}

}  // namespace

HttpResponse EksHandlers::update_cluster_config(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const auto request = parse_update_cluster(model::ClusterName(name), call.http.body);
  if (!request) return request_error(request.error(), name);
  const auto update = control_.update_cluster(*request, caller_of(call));
  if (!update) return cluster_error(update.error(), name, call.request_id);
  return update_answer(*update);
}

HttpResponse EksHandlers::describe_update(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const auto query =
      Query::parse(wire::split_target(call.http.target).query, {"nodegroupName", "addonName", "capabilityName"});
  if (!query) return request_error(query.error(), name);
  if (const auto whole = refuse_parts(*query); !whole) return request_error(whole.error(), name);
  const auto update = control_.describe_update(model::ClusterName(name), model::UpdateId(labels.at(1)));
  if (!update) return cluster_error(update.error(), name, call.request_id);
  return update_answer(*update);
}

HttpResponse EksHandlers::list_updates(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const auto query = Query::parse(wire::split_target(call.http.target).query,
                                  {"maxResults", "nextToken", "nodegroupName", "addonName", "capabilityName"});
  if (!query) return request_error(query.error(), name);
  if (const auto whole = refuse_parts(*query); !whole) return request_error(whole.error(), name);
  const auto most = query->max_results();
  if (!most) return request_error(most.error(), name);
  const auto token = query->one("nextToken");
  if (!token) return request_error(token.error(), name);

  const std::string purpose = "eks:ListUpdates:" + name;
  std::optional<store::HistoryPosition> from;
  if (*token) {
    const auto position = open_page_token(token_key_, purpose, **token).and_then(parse_position);
    if (!position) return request_error(position.error(), name);
    from = *position;
  }
  const auto page = control_.list_updates(model::ClusterName(name), from, *most);
  if (!page) return cluster_error(page.error(), name, call.request_id);

  wire::JsonArray ids;
  for (const model::Update& update : page->updates)
    ids.emplace_back(update.id.str());
  wire::JsonObject answer;
  answer.push_back({"updateIds", std::move(ids)});
  if (page->next) {
    answer.push_back({"nextToken", seal_page_token(token_key_, purpose, std::to_string(page->next->sequence))});
  }
  return json_answer(answer);
}

}  // namespace sallyport::api::eks
