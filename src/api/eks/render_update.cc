#include "api/eks/render_update.h"

#include <string>
#include <utility>

#include "api/eks/render_cluster.h"

namespace sallyport::api::eks {

namespace {

using wire::Json;
using wire::JsonArray;
using wire::JsonObject;

Json param(std::string_view type, std::string value) { return JsonObject{{"type", type}, {"value", std::move(value)}}; }

std::string text_of(bool value) { return value ? "true" : "false"; }

struct Params {
  JsonArray operator()(const model::AccessChange& change) const {
    return {param("EndpointPublicAccess", text_of(change.target.public_access)),
            param("EndpointPrivateAccess", text_of(change.target.private_access)),
            param("PublicAccessCidrs", wire::to_text(render_cidrs(change.target.public_access_cidrs)))};
  }
  JsonArray operator()(const model::VpcConfigChange& change) const {
    return {param("Subnets", wire::to_text(render_ids(change.target.subnets))),
            param("SecurityGroups", wire::to_text(render_ids(change.target.security_groups)))};
  }
  JsonArray operator()(const model::LoggingChange& change) const {
    return {param("ClusterLogging", wire::to_text(render_logging(change.target)))};
  }
  JsonArray operator()(const model::DeletionProtectionChange& change) const {
    return {param("DeletionProtection", text_of(change.target))};
  }
  JsonArray operator()(const model::AuthenticationModeChange& change) const {
    return {param("AuthenticationMode", std::string(model::to_string(change.target)))};
  }
};

Json render_extension(const model::Update& update) {
  JsonObject out{{"step", model::to_string(update.step)}, {"connectionsCut", Json::number(update.connections_cut)}};
  if (update.revision) out.push_back({"revision", Json::number(update.revision->value())});
  out.push_back({"warnings", render_texts(update.warnings)});
  return out;
}

}  // namespace

Json render_update(const model::Update& update) {
  JsonArray errors;
  for (const model::UpdateError& error : update.errors) {
    errors.emplace_back(JsonObject{
        {"errorCode", error.code}, {"errorMessage", error.message}, {"resourceIds", render_texts(error.resource_ids)}});
  }
  return JsonObject{
      {"id", update.id.str()},
      {"status", model::to_string(update.status)},
      {"type", model::type_of(update.change)},
      {"params", std::visit(Params{}, update.change)},
      {"createdAt", render_time(update.created_at)},
      {"errors", std::move(errors)},
      {"sallyport", render_extension(update)},
  };
}

}  // namespace sallyport::api::eks
