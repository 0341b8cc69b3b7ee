#include "api/eks/parse_entry.h"

#include <utility>

#include "api/eks/fields.h"
#include "api/eks/request_body.h"
#include "iam/entry_rules.h"
#include "wire/json_reader.h"

namespace sallyport::api::eks {

namespace {

using wire::JsonReader;

std::string read_required(JsonReader& reader, std::string_view name, std::string_view what) {
  auto text = reader.text(name);
  if (!text || text->empty()) reader.refuse(name, "is required: " + std::string(what));
  return std::move(text).value_or("");
}

model::AccessScope read_scope(JsonReader& body) {
  model::AccessScope scope;
  auto reader = body.object("accessScope");
  if (!reader) {
    body.refuse("accessScope", "is required: its type, and the namespaces where that is namespace");
    return scope;
  }
  const auto type = reader->text("type");
  if (type != "cluster" && type != "namespace") {
    reader->refuse("type",
                   "must be cluster or namespace" + (type ? ", is \"" + wire::shortened(*type) + "\"" : std::string()));
  }
  scope.whole_cluster = type != "namespace";
  scope.namespaces = reader->texts("namespaces").value_or(std::vector<std::string>{});
  reader->finish();
  return scope;
}

}  // namespace

base::Result<CreateEntryRequest> parse_create_entry(const model::ClusterName& cluster, std::string_view text) {
  const auto object = parse_body(text);
  if (!object) return base::fail(object.error());
  wire::JsonFault fault;
  JsonReader body(*object, "", fault);
  CreateEntryRequest request;
  request.principal = model::Arn(read_required(body, "principalArn", "the ARN of a user, of a role or of root"));
  request.type = body.text("type").value_or(std::string(iam::kStandardEntry));
  if (!iam::is_entry_type(request.type)) {
    body.refuse("type", "must be one of " + iam::entry_types() + ", is \"" + wire::shortened(request.type) + "\"");
  }
  request.username = body.text("username");
  request.groups = body.texts("kubernetesGroups").value_or(std::vector<std::string>{});
  request.tags = read_tags(body).value_or(model::Tags{});
  request.request.token = read_client_request_token(body);
  body.finish();
  if (fault) return base::fail(*fault);
  request.request.hash = request_hash("CreateAccessEntry", cluster.str(), *object);
  return request;
}

base::Result<UpdateEntryRequest> parse_update_entry(const model::ClusterName& cluster, const model::Arn& principal,
                                                    std::string_view text) {
  const auto object = parse_body(text);
  if (!object) return base::fail(object.error());
  wire::JsonFault fault;
  JsonReader body(*object, "", fault);
  UpdateEntryRequest request;
  request.username = body.text("username");
  request.groups = body.texts("kubernetesGroups");
  request.request.token = read_client_request_token(body);
  body.finish();
  if (fault) return base::fail(*fault);
  request.request.hash = request_hash("UpdateAccessEntry", model::access_entry_id(cluster, principal).str(), *object);
  return request;
}

base::Result<AssociatePolicyRequest> parse_associate_policy(std::string_view text) {
  const auto object = parse_body(text);
  if (!object) return base::fail(object.error());
  wire::JsonFault fault;
  JsonReader body(*object, "", fault);
  AssociatePolicyRequest request;
  request.policy = model::Arn(read_required(body, "policyArn", "the ARN of an access policy"));
  request.scope = read_scope(body);
  body.finish();
  if (fault) return base::fail(*fault);
  return request;
}

}  // namespace sallyport::api::eks
