#include <algorithm>
#include <map>
#include <utility>

#include "api/eks/eks_errors.h"
#include "api/eks/eks_handlers.h"
#include "api/eks/entry_arn.h"
#include "api/eks/fields.h"
#include "api/eks/page.h"
#include "api/eks/parse_entry.h"
#include "api/eks/query.h"
#include "api/eks/render_entry.h"
#include "api/eks/responses.h"
#include "iam/entry_policies.h"
#include "wire/uri.h"

namespace sallyport::api::eks {

namespace {

bool has_policy(const model::AccessEntry& entry, const std::string& policy) {
  return std::ranges::any_of(entry.policies, [&](const auto& each) { return each.policy.str() == policy; });
}

}  // namespace

base::Result<model::AccessEntry> EksHandlers::change_entry(const Call& call, const model::ClusterName& cluster,
                                                           const std::string& operation, const PlanEntry& plan) {
  std::optional<model::AccessEntry> answer;
  const auto changed = control_.change_entries(
      cluster,
      [&](const model::Cluster& now,
          const model::IdentityObjects& identities) -> base::Result<std::optional<store::Transaction>> {
        auto planned = plan(
            {.cluster = now, .identities = identities, .account = account_, .now = clock_.now(), .entropy = entropy_});
        if (!planned) return base::fail(planned.error());
        answer = std::move(planned->entry);
        return std::move(planned->transaction);
      },
      "eks:" + operation, caller_of(call));
  if (!changed) return base::fail(changed.error());
  return *std::move(answer);
}

base::Status EksHandlers::read_entries(const model::ClusterName& cluster, const ReadEntries& read) const {
  const auto found = control_.describe_cluster(cluster);
  if (!found) return base::fail(found.error());
  if (auto mode = check_entries_mode(*found); !mode) return mode;
  control_.read_identities(read);
  return {};
}

base::Result<model::AccessEntry> EksHandlers::find_entry(const model::ClusterName& cluster,
                                                         const model::Arn& principal) const {
  base::Result<model::AccessEntry> entry;
  const auto done = read_entries(cluster, [&](const model::IdentityObjects& identities) {
    const auto found = existing_entry(identities, cluster, principal);
    entry = found ? base::Result<model::AccessEntry>(**found) : base::fail(found.error());
  });
  if (!done) return base::fail(done.error());
  return entry;
}

HttpResponse EksHandlers::entry_answer(const model::AccessEntry& entry) const {
  return json_answer(
      wire::JsonObject{{"accessEntry", render_entry(entry, access_entry_arn(entry, account_, region_))}});
}

HttpResponse EksHandlers::create_access_entry(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const model::ClusterName cluster(name);
  const auto request = parse_create_entry(cluster, call.http.body);
  if (!request) return request_error(request.error(), name);
  const PlanEntry plan = [&](const EntryContext& context) { return create_entry(context, *request); };
  const auto entry = change_entry(call, cluster, "CreateAccessEntry", plan);
  if (!entry) return cluster_error(entry.error(), name, call.request_id);
  return entry_answer(*entry);
}

HttpResponse EksHandlers::describe_access_entry(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const auto entry = find_entry(model::ClusterName(name), model::Arn(labels.at(1)));
  if (!entry) return cluster_error(entry.error(), name, call.request_id);
  return entry_answer(*entry);
}

HttpResponse EksHandlers::list_access_entries(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const auto query =
      Query::parse(wire::split_target(call.http.target).query, {"maxResults", "nextToken", "associatedPolicyArn"});
  if (!query) return request_error(query.error(), name);
  const auto policy = query->one("associatedPolicyArn");
  if (!policy) return request_error(policy.error(), name);
  if (*policy) {
    const auto formed = iam::check_entry_policy_form(model::Arn(**policy));
    if (!formed) return request_error(formed.error(), name);
  }
  const std::string purpose = "eks:ListAccessEntries:" + name + ":" + policy->value_or("");
  const auto page = page_asked(*query, token_key_, purpose);
  if (!page) return request_error(page.error(), name);

  std::map<std::string, wire::Json> rows;
  const model::ClusterName cluster(name);
  const auto done = read_entries(cluster, [&](const model::IdentityObjects& identities) {
    for (const model::AccessEntry* entry : model::entries_of(identities, cluster)) {
      if (!*policy || has_policy(*entry, **policy)) rows.emplace(entry->principal.str(), entry->principal.str());
    }
  });
  if (!done) return cluster_error(done.error(), name, call.request_id);
  return list_answer({}, "accessEntries", rows, *page, token_key_, purpose);
}

HttpResponse EksHandlers::update_access_entry(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const model::ClusterName cluster(name);
  const model::Arn principal(labels.at(1));
  const auto request = parse_update_entry(cluster, principal, call.http.body);
  if (!request) return request_error(request.error(), name);
  const PlanEntry plan = [&](const EntryContext& context) { return update_entry(context, principal, *request); };
  const auto entry = change_entry(call, cluster, "UpdateAccessEntry", plan);
  if (!entry) return cluster_error(entry.error(), name, call.request_id);
  return entry_answer(*entry);
}

HttpResponse EksHandlers::delete_access_entry(const Call& call, const Labels& labels) {
  const std::string& name = labels.front();
  if (!is_cluster_name(name)) return no_such_cluster(name);
  const model::Arn principal(labels.at(1));
  const PlanEntry plan = [&](const EntryContext& context) { return delete_entry(context, principal); };
  const auto entry = change_entry(call, model::ClusterName(name), "DeleteAccessEntry", plan);
  if (!entry) return cluster_error(entry.error(), name, call.request_id);
  return json_answer(wire::JsonObject{});
}

}  // namespace sallyport::api::eks
