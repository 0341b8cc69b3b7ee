#include "api/webhook_service.h"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <mutex>
#include <optional>
#include <utility>

#include "api/failure_log.h"
#include "base/bytes.h"
#include "iam/find_key.h"
#include "iam/map_caller.h"
#include "iam/review_access.h"
#include "iam/token_verify.h"
#include "wire/access_review.h"
#include "wire/json_value.h"
#include "wire/token_review.h"
#include "wire/uri.h"

namespace sallyport::api {

namespace {

enum class Kind { kToken, kAccess };

struct Asked {
  model::ClusterName cluster;
  Kind kind = Kind::kToken;
};

// Cluster names need no percent-encoding. The query is the API server's own: "?timeout=30s".
std::optional<Asked> read_target(std::string_view target) {
  constexpr std::string_view kClusters = "/clusters/";
  constexpr std::size_t kLongestName = 100;
  std::string_view path = wire::split_target(target).path;
  if (!path.starts_with(kClusters)) return std::nullopt;
  path.remove_prefix(kClusters.size());
  const std::size_t slash = path.find('/');
  if (slash == 0 || slash == std::string_view::npos || slash > kLongestName) return std::nullopt;
  const std::string_view what = path.substr(slash + 1);
  if (what != "token-review" && what != "access-review") return std::nullopt;
  return Asked{model::ClusterName(std::string(path.substr(0, slash))),
               what == "token-review" ? Kind::kToken : Kind::kAccess};
}

HttpResponse respond(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body) + "\n"};
}

HttpResponse fault(int status, std::string_view message) {
  return respond(status, wire::to_text(wire::JsonObject{{"error", message}}));
}

bool shows(const HttpRequest& request, std::string_view bearer) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto is_authorization = [](const auto& header) { return base::ascii_iequals(header.first, "authorization"); };
  if (std::ranges::count_if(request.headers, is_authorization) != 1) return false;
  const std::string_view shown = request.header("authorization");
  return shown.starts_with(kScheme) && base::constant_time_equal(shown.substr(kScheme.size()), bearer);
}

}  // namespace

struct WebhookService::Impl {
  HttpResponse handle(const HttpRequest& request);
  HttpResponse review_token(const model::Cluster& cluster, const HttpRequest& request);
  HttpResponse review_access(const model::Cluster& cluster, const HttpRequest& request);
  tl::expected<wire::KubernetesUser, iam::TokenRefusal> user_of(const model::Cluster& cluster, std::string_view token,
                                                                const model::IdentityObjects& identities);
  // Counts, and logs what is new.
  void refused(const std::string& what, const Asked& asked, const HttpRequest& request);

  const control::ControlPlane& control;
  const iam::CredentialStore& root_keys;
  const iam::Sealer& sealer;
  const base::Clock& clock;
  const iam::WebhookBearers bearers;
  const model::AccountId account;
  const model::Region region;
  const iam::TokenHosts hosts;
  FailureLog failures{};
  mutable std::mutex mutex{};
  WebhookStats stats{};
};

void WebhookService::Impl::refused(const std::string& what, const Asked& asked, const HttpRequest& request) {
  {
    const std::lock_guard lock(mutex);
    ++stats.refused[what];
  }
  // Names of clusters there are not would fill the log's memory, at the choice of whoever sends them.
  const std::string known = what == "unknown_cluster" ? std::string() : asked.cluster.str();
  if (!failures.admits(what + " " + known + " " + request.source.to_string(), clock.now())) return;
  spdlog::warn("webhook refuses {} for cluster {}: {}", request.source.to_string(),
               wire::shortened(wire::valid_utf8(asked.cluster.str())), what);
}

tl::expected<wire::KubernetesUser, iam::TokenRefusal> WebhookService::Impl::user_of(
    const model::Cluster& cluster, std::string_view token, const model::IdentityObjects& identities) {
  const base::Time now = clock.now();
  const auto find_key = [&](const std::string& id, const std::optional<std::string>& session) {
    return iam::find_key(root_keys, identities, sealer, account, id, session, now);
  };
  const auto bearer = iam::verify_token(token, {cluster.name, region, hosts, now, find_key});
  if (!bearer) return tl::unexpected(bearer.error());
  return iam::map_caller(cluster, identities, *bearer);
}

HttpResponse WebhookService::Impl::review_token(const model::Cluster& cluster, const HttpRequest& request) {
  const auto review = wire::parse_token_review(request.body);
  if (!review) {
    refused("malformed", {cluster.name, Kind::kToken}, request);
    return fault(400, review.error().message);
  }
  tl::expected<wire::KubernetesUser, iam::TokenRefusal> user = tl::unexpected(iam::TokenRefusal::kFormat);
  // One look at the identities: key and entry are of the same moment.
  control.read_identities(
      [&](const model::IdentityObjects& identities) { user = user_of(cluster, review->token, identities); });
  const std::string reason(user ? "authenticated" : iam::reason_of(user.error()));
  {
    const std::lock_guard lock(mutex);
    ++stats.token_reviews[reason];
  }
  if (user) return respond(200, wire::render_token_review(review->api_version, *user));
  if (failures.admits("token " + cluster.name.str() + " " + reason, clock.now())) {
    spdlog::info("webhook cluster={} refuses a token: {}", cluster.name.str(), iam::message_of(user.error()));
  }
  return respond(200, wire::render_token_refusal(review->api_version, iam::message_of(user.error())));
}

HttpResponse WebhookService::Impl::review_access(const model::Cluster& cluster, const HttpRequest& request) {
  const auto review = wire::parse_access_review(request.body);
  if (!review) {
    refused("malformed", {cluster.name, Kind::kAccess}, request);
    return fault(400, review.error().message);
  }
  iam::AccessVerdict verdict;
  control.read_identities([&](const model::IdentityObjects& identities) {
    verdict = iam::review_access(cluster, identities, account, *review);
  });
  {
    const std::lock_guard lock(mutex);
    ++stats.access_reviews[std::string(iam::reason_of(verdict.outcome))];
  }
  const bool allowed = verdict.outcome == iam::AccessOutcome::kAllowed;
  return respond(200, wire::render_access_review(review->api_version, allowed, verdict.reason));
}

HttpResponse WebhookService::Impl::handle(const HttpRequest& request) {
  const auto asked = read_target(request.target);
  if (!asked) return fault(404, "there are /clusters/NAME/token-review and /clusters/NAME/access-review here");
  if (request.method != "POST") return fault(405, "only POST is served here");
  const auto cluster = control.describe_cluster(asked->cluster);
  // The same work whether there is such a cluster or not.
  const bool admitted = shows(request, bearers.of(cluster ? cluster->endpoint_id : model::EndpointId("none")));
  if (!cluster) {
    refused("unknown_cluster", *asked, request);
    return fault(404, "there is no such cluster");
  }
  if (!admitted) {
    refused("bearer", *asked, request);
    HttpResponse response =
        fault(401, "the bearer token is not this cluster's; `sallyport webhook-config --cluster NAME` prints it");
    response.headers.emplace_back("WWW-Authenticate", "Bearer");
    return response;
  }
  return asked->kind == Kind::kToken ? review_token(*cluster, request) : review_access(*cluster, request);
}

WebhookService::WebhookService(const control::ControlPlane& control, const iam::CredentialStore& root_keys,
                               const iam::Sealer& sealer, const base::Clock& clock, iam::WebhookBearers bearers,
                               model::AccountId account, model::Region region, iam::TokenHosts hosts)
    : impl_(new Impl{control, root_keys, sealer, clock, bearers, std::move(account), std::move(region),
                     std::move(hosts)}) {}

WebhookService::~WebhookService() = default;

HttpResponse WebhookService::handle(const HttpRequest& request) { return impl_->handle(request); }

WebhookStats WebhookService::stats() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->stats;
}

}  // namespace sallyport::api
