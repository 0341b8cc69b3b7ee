#include <algorithm>
#include <map>
#include <utility>

#include "api/eks/eks_errors.h"
#include "api/eks/eks_handlers.h"
#include "api/eks/fields.h"
#include "api/eks/page.h"
#include "api/eks/parse_entry.h"
#include "api/eks/query.h"
#include "api/eks/render_entry.h"
#include "api/eks/responses.h"
#include "iam/entry_policies.h"
#include "wire/uri.h"

namespace sallyport::api::eks {

HttpResponse EksHandlers::list_access_policies(const Call& call, const Labels&) {
  constexpr std::string_view kPurpose = "eks:ListAccessPolicies";
  const auto query = Query::parse(wire::split_target(call.http.target).query, {"maxResults", "nextToken"});
  if (!query) return request_error(query.error(), {});
  const auto page = page_asked(*query, token_key_, kPurpose);
  if (!page) return request_error(page.error(), {});
  std::map<std::string, wire::Json> rows;
  for (const std::string_view name : iam::entry_policy_names()) {
    rows.emplace(std::string(name), wire::JsonObject{{"name", name}, {"arn", iam::entry_policy_arn(name).str()}});
  }
  return list_answer({}, "accessPolicies", rows, *page, token_key_, kPurpose);
}

HttpResponse EksHandlers::associate_access_policy(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const auto request = parse_associate_policy(call.http.body);
  if (!request) return request_error(request.error(), name);
  const model::Arn principal(labels.at(1));
  const PlanEntry plan = [&](const EntryContext& context) { return associate_policy(context, principal, *request); };
  const auto entry = change_entry(call, model::ClusterName(name), "AssociateAccessPolicy", plan);
  if (!entry) return cluster_error(entry.error(), name, call.request_id);
  const auto made = std::ranges::find(entry->policies, request->policy, &model::AssociatedAccessPolicy::policy);
  return json_answer(wire::JsonObject{
      {"clusterName", name}, {"principalArn", principal.str()}, {"associatedAccessPolicy", render_association(*made)}});
}

HttpResponse EksHandlers::disassociate_access_policy(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const model::Arn principal(labels.at(1));
  const model::Arn policy(labels.at(2));
  const PlanEntry plan = [&](const EntryContext& context) { return disassociate_policy(context, principal, policy); };
  const auto entry = change_entry(call, model::ClusterName(name), "DisassociateAccessPolicy", plan);
  if (!entry) return cluster_error(entry.error(), name, call.request_id);
  return json_answer(wire::JsonObject{});
}

HttpResponse EksHandlers::list_associated_access_policies(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const auto query = Query::parse(wire::split_target(call.http.target).query, {"maxResults", "nextToken"});
  if (!query) return request_error(query.error(), name);
  const model::Arn principal(labels.at(1));
  const std::string purpose = "eks:ListAssociatedAccessPolicies:" + name + ":" + principal.str();
  const auto page = page_asked(*query, token_key_, purpose);
  if (!page) return request_error(page.error(), name);
  const auto entry = find_entry(model::ClusterName(name), principal);
  if (!entry) return cluster_error(entry.error(), name, call.request_id);

  std::map<std::string, wire::Json> rows;
  for (const model::AssociatedAccessPolicy& each : entry->policies)
    rows.emplace(each.policy.str(), render_association(each));
  return list_answer({{"clusterName", name}, {"principalArn", principal.str()}}, "associatedAccessPolicies", rows,
                     *page, token_key_, purpose);
}

}  // namespace sallyport::api::eks
