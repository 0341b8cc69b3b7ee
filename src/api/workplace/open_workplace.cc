#include "api/workplace/open_workplace.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>
#include <utility>

#include "api/eks/eks_errors.h"
#include "api/errors.h"
#include "base/limits.h"
#include "iam/session.h"
#include "wire/json_parse.h"
#include "wire/json_value.h"

namespace sallyport::api::workplace {

namespace {

namespace limits = base::limits;

HttpResponse unavailable(const std::string& message) {
  return rest_json_error(503, "ServiceUnavailableException", message);
}

HttpResponse invalid(const std::string& message) { return rest_json_error(400, "InvalidRequestException", message); }

bool is_empty(const std::string& body) {
  if (body.empty()) return true;
  const auto json = wire::parse_json(body);
  return json && json->as_object() != nullptr && json->as_object()->empty();
}

iam::Session credentials_for(const Call& call, const Opening& opening) {
  const auto now = std::chrono::floor<base::Seconds>(opening.clock.now());
  // No longer than a session can last.
  const base::Seconds time = call.principal.is_root ? limits::kSessionTokenOfRoot : limits::kWorkplaceLongestTime;
  return iam::session_of_caller(call.principal, call.access_key_id, now, now + time, opening.entropy);
}

// What policies look at of a request: asked_of.
HttpRequest outline_of(const HttpRequest& request) {
  return {.method = request.method,
          .target = request.target,
          .headers = {{"User-Agent", std::string(request.header("User-Agent"))}},
          .body = {},
          .source = request.source,
          .over_tls = request.over_tls};
}

HttpResponse refusal_of(const base::Error& error) {
  if (error.kind == base::ErrorKind::kLimitExceeded) {
    return rest_json_error(400, "ResourceLimitExceededException", error.message);
  }
  return unavailable(error.message);
}

}  // namespace

HttpResponse open_workplace(const Call& call, const model::ClusterName& name, const Opening& opening) {
  if (!is_empty(call.http.body)) return invalid("OpenWorkplace takes no body, or {}");
  const auto cluster = opening.control.describe_cluster(name);
  if (!cluster) return eks::cluster_error(cluster.error(), name.str(), call.request_id);
  if (opening.workplace == nullptr) {
    return invalid("this server has no workplace; its operator can set one up with [workplace] in its configuration");
  }
  HostRequest request{.principal_arn = call.principal.arn.str(),
                      .holder = iam::who_holds(call.principal),
                      .region = opening.region.str(),
                      .request_id = call.request_id,
                      .cluster = name.str(),
                      .endpoint = opening.control.endpoint_url(*cluster),
                      .certificate_authority_pem = cluster->certificate_authority_pem,
                      .credentials = credentials_for(call, opening),
                      .session_token = {}};
  if (request.endpoint.empty() || request.certificate_authority_pem.empty()) {
    return invalid("cluster " + name.str() + " has no endpoint yet; wait until it is ACTIVE");
  }
  request.session_token = iam::session_token(request.credentials, opening.sealer);
  Tickets& tickets = opening.workplace->tickets;
  if (const auto why = tickets.why_not(std::chrono::steady_clock::now())) return unavailable(*why);
  auto granted = opening.workplace->host.open(request);
  if (!granted) {
    spdlog::warn("api request_id={} opens no workplace: {}", call.request_id, granted.error().message);
    return refusal_of(granted.error());
  }
  spdlog::info("api request_id={} opens workplace session={} key={}", call.request_id, granted->session,
               request.credentials.access_key_id);
  const bool kept = tickets.put(granted->ticket,
                                {.session = granted->session,
                                 .cluster = name,
                                 .principal = call.principal,
                                 .access_key_id = call.access_key_id,
                                 .minted_key_id = request.credentials.access_key_id,
                                 .session_token = request.session_token,
                                 .request = outline_of(call.http)},
                                std::chrono::steady_clock::now());
  if (!kept) return unavailable("too many terminals were asked for at once; try again in half a minute");
  return {200,
          {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}},
          wire::to_text(wire::JsonObject{{"ticket", granted->ticket},
                                         {"session", granted->session},
                                         {"idleSeconds", wire::Json::number(granted->idle_seconds)},
                                         {"endsAt", wire::Json::number(granted->ends_at)}})};
}

}  // namespace sallyport::api::workplace
