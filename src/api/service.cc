#include "api/service.h"

#include <spdlog/spdlog.h>

#include <exception>
#include <mutex>

#include "api/asked.h"
#include "api/audit/audit_record.h"
#include "api/authenticate.h"
#include "api/authorise.h"
#include "api/ec2/ec2_handlers.h"
#include "api/ec2/named_thing.h"
#include "api/ec2/tagged.h"
#include "api/eks/eks_handlers.h"
#include "api/handler.h"
#include "api/identity/iam_handlers.h"
#include "api/insight/insight_routes.h"
#include "api/protocol.h"
#include "api/route53/route53_handlers.h"
#include "api/sts/sts_handlers.h"
#include "iam/find_key.h"
#include "wire/uri.h"

namespace sallyport::api {

namespace {

constexpr ErrorText kAccessDenied{403, "AccessDeniedException", "AccessDenied", "UnauthorizedOperation"};
constexpr ErrorText kInvalidToken{403, "UnrecognizedClientException", "InvalidClientTokenId", "AuthFailure"};
constexpr ErrorText kNotServed{400, "UnknownOperationException", "InvalidAction", "UnsupportedOperation"};
constexpr ErrorText kNotRecorded{503, "ServiceUnavailableException", "ServiceUnavailable", "Unavailable"};
constexpr ErrorText kInternal{500, "ServerException", "InternalFailure", "InternalError"};

}  // namespace

struct ApiService::Impl {
  Impl(control::ControlPlane& control_plane, const iam::CredentialStore& root_keys, const iam::Sealer& secrets_sealer,
       const base::Clock& system_clock, base::Entropy& random, audit::AuditLog& audit_log, model::AccountId own_account,
       model::Region own_region, const std::string& own_token_key, ec2::Ec2Settings ec2_settings, insight::Sight sight,
       workplace::Workplace* terminals)
      : control(control_plane),
        credentials(root_keys),
        sealer(secrets_sealer),
        clock(system_clock),
        entropy(random),
        log(audit_log),
        account(std::move(own_account)),
        region(std::move(own_region)),
        workplace(terminals),
        ec2(control, system_clock, random, account, own_token_key, std::move(ec2_settings)),
        eks(control, system_clock, random, account, region, own_token_key),
        insight_api(control, std::move(sight)),
        iam_api(control, system_clock, random, account, sealer, own_token_key),
        sts({control, sealer, clock, entropy, account, region}) {}

  HttpResponse handle(const HttpRequest& request);
  Outcome dispatch(const std::string& service, const Call& call);
  HttpResponse open_workplace(const Call& call);
  std::string operation_of(const std::string& service, const HttpRequest& request) const;
  std::optional<iam::AccessKey> find_key(const std::string& id, const std::optional<std::string>& token) const;
  bool may_change();
  void record(const HttpRequest& request, const HttpResponse& response, const std::string& request_id,
              const tl::expected<Authenticated, AuthenticationFailure>& caller);
  base::Status authorise_call(const std::string& service, const std::string& operation, const Call& call) const;

  control::ControlPlane& control;
  const iam::CredentialStore& credentials;  // of root
  const iam::Sealer& sealer;
  const base::Clock& clock;
  base::Entropy& entropy;
  audit::AuditLog& log;
  const model::AccountId account;
  const model::Region region;
  workplace::Workplace* const workplace;  // null where none is configured
  ec2::Ec2Handlers ec2;
  eks::EksHandlers eks;
  route53::Route53Handlers route53;
  insight::InsightHandlers insight_api;
  identity::IamHandlers iam_api;
  sts::StsHandlers sts;

  mutable std::mutex stats_mutex;
  ApiStats stats;
};

std::string ApiService::Impl::operation_of(const std::string& service, const HttpRequest& request) const {
  if (service == "ec2") return ec2::Ec2Handlers::operation_of(request);
  if (service == "eks") return eks::EksHandlers::operation_of(request);
  if (service == "iam") return identity::IamHandlers::operation_of(request);
  if (service == "route53") return route53::Route53Handlers::operation_of(request);
  if (service == "sallyport") return insight::InsightHandlers::operation_of(request);
  if (service == "sts") return sts::StsHandlers::operation_of(request);
  return "unknown";
}

std::optional<iam::AccessKey> ApiService::Impl::find_key(const std::string& id,
                                                         const std::optional<std::string>& token) const {
  std::optional<iam::AccessKey> found;
  control.read_identities([&](const model::IdentityObjects& identities) {
    found = iam::find_key(credentials, identities, sealer, account, id, token, clock.now());
  });
  return found;
}

base::Status ApiService::Impl::authorise_call(const std::string& service, const std::string& operation,
                                              const Call& call) const {
  // Who may assume a role is the role's own affair first.
  if (call.principal.is_root || (service == "sts" && operation == "AssumeRole")) return {};
  const auto ask = [&](const model::IdentityObjects& identities) {
    return asked_of(service, operation, call.http,
                    {.account = account,
                     .region = region,
                     .now = clock.now(),
                     .identities = identities,
                     .principal = call.principal,
                     .cluster_tags = [&](const std::string& name) -> std::optional<model::Tags> {
                       auto cluster = control.describe_cluster(model::ClusterName(name));
                       if (!cluster) return std::nullopt;
                       return std::move(cluster->tags);
                     },
                     .network_tags =
                         [&](const std::string& id) {
                           std::optional<model::Tags> tags;
                           control.read_state([&](const model::Snapshot& world) { tags = ec2::tags_of_id(world, id); });
                           return tags;
                         },
                     .network_id =
                         [&](std::string_view parameter, const std::string& value) {
                           std::optional<std::string> id;
                           control.read_state(
                               [&](const model::Snapshot& world) { id = ec2::id_of_named(world, parameter, value); });
                           return id;
                         },
                     .access_entry =
                         [&](const Surroundings::PickEntry& pick) {
                           std::optional<model::AccessEntry> entry;
                           control.read_identities([&](const model::IdentityObjects& all) {
                             if (const auto* found = pick(all)) entry = *found;
                           });
                           return entry;
                         }});
  };
  base::Status allowed;
  // Tags are looked up before identities are: no lock is asked for while one is held.
  const bool about_identities = service == "iam";
  const Asked asked = about_identities ? Asked() : ask({});
  control.read_identities([&](const model::IdentityObjects& identities) {
    allowed = authorise(identities, call.principal, about_identities ? ask(identities) : asked);
  });
  return allowed;
}

Outcome ApiService::Impl::dispatch(const std::string& service, const Call& call) {
  std::string operation = operation_of(service, call.http);
  const Protocol protocol = protocol_of(service);
  if (const auto allowed = authorise_call(service, operation, call); !allowed) {
    return {std::move(operation), render_error(protocol, kAccessDenied, allowed.error().message, call.request_id)};
  }
  // What is not served changes nothing and says so.
  if (operation != "unknown" && !audit::is_read_only(operation) && !may_change()) {
    return {std::move(operation), render_error(protocol, kNotRecorded,
                                               "Changes are refused while the audit log cannot be written; the log of "
                                               "Sallyport says why. Try again later.",
                                               call.request_id)};
  }
  // As on AWS, where IAM takes such credentials only with MFA, which Sallyport does not have.
  if (service == "iam" && call.principal.temporary && !call.principal.role) {
    return {std::move(operation),
            render_error(protocol, kInvalidToken,
                         "The security token included in the request is invalid: IAM takes no credentials of "
                         "GetSessionToken without MFA; sign with the user's own key.",
                         call.request_id)};
  }
  try {
    if (service == "ec2") return ec2.handle(call);
    if (service == "eks") return eks.handle(call);
    if (service == "iam") return iam_api.handle(call);
    if (service == "route53") return route53.handle(call);
    if (service == "sallyport" && operation == "OpenWorkplace") return {operation, open_workplace(call)};
    if (service == "sallyport") return insight_api.handle(call);
    if (service == "sts") return sts.handle(call);
  } catch (const std::exception& error) {
    spdlog::error("api request_id={} operation={}:{} failed: {}", call.request_id, service, operation, error.what());
    return {std::move(operation),
            render_error(protocol, kInternal, "An internal error occurred; the log has it under this request's id.",
                         call.request_id)};
  }
  return {std::move(operation),
          render_error(protocol, kNotServed,
                       "Sallyport does not serve " + service +
                           "; it serves ec2, eks, iam, route53, sallyport and sts at this endpoint.",
                       call.request_id)};
}

HttpResponse ApiService::Impl::open_workplace(const Call& call) {
  const insight::Route route = insight::find_route(call.http.method, wire::split_target(call.http.target).path);
  return workplace::open_workplace(call, model::ClusterName(route.cluster),
                                   {.control = control,
                                    .sealer = sealer,
                                    .clock = clock,
                                    .entropy = entropy,
                                    .region = region,
                                    .workplace = workplace});
}

// A change that nobody could find out about later is none to make.
bool ApiService::Impl::may_change() {
  if (log.ready()) return true;
  const std::lock_guard lock(stats_mutex);
  ++stats.changes_refused_unrecorded;
  return false;
}

void ApiService::Impl::record(const HttpRequest& request, const HttpResponse& response, const std::string& request_id,
                              const tl::expected<Authenticated, AuthenticationFailure>& caller) {
  const std::string event_id = base::random_uuid(entropy);
  log.record(audit::entry_of({.answered_at = clock.now(),
                              .account = account,
                              .region = region,
                              .request_id = request_id,
                              .event_id = event_id,
                              .request = request,
                              .response = response,
                              .protocol = caller ? protocol_of(caller->service) : caller.error().protocol,
                              .service = caller ? caller->service : caller.error().claimed_service,
                              .principal = caller ? &caller->principal : nullptr,
                              .access_key_id = caller ? caller->access_key_id : caller.error().claimed_key_id}));
}

HttpResponse ApiService::Impl::handle(const HttpRequest& request) {
  const std::string request_id = base::random_uuid(entropy);
  const auto authenticated = authenticate(
      request, [&](const auto& id, const auto& token) { return find_key(id, token); }, region, clock.now());
  HttpResponse response;
  if (!authenticated) {
    const AuthenticationFailure& failure = authenticated.error();
    response = render_error(failure.protocol, failure.error, failure.message, request_id);
    // The code, not the message: the message quotes the request, and nobody vouches for that yet.
    spdlog::info("api request_id={} source={} refused={} status={}", request_id, request.source.to_string(),
                 failure.error.rest_json_type, response.status);
    const std::lock_guard lock(stats_mutex);
    ++stats.authentication_failures;
  } else {
    Outcome outcome = dispatch(authenticated->service,
                               Call{request, authenticated->principal, request_id, authenticated->access_key_id});
    response = std::move(outcome.response);
    const std::string operation = std::string(known_service(authenticated->service)) + ":" + outcome.operation;
    spdlog::info("api request_id={} principal={} source={} operation={} status={}", request_id,
                 authenticated->principal.arn.str(), request.source.to_string(), operation, response.status);
    const std::lock_guard lock(stats_mutex);
    ++stats.calls[operation + " " + std::to_string(response.status)];
  }
  record(request, response, request_id, authenticated);
  response.headers.emplace_back("x-amzn-RequestId", request_id);
  return response;
}

ApiService::ApiService(control::ControlPlane& control, const iam::CredentialStore& credentials,
                       const iam::Sealer& sealer, const base::Clock& clock, base::Entropy& entropy,
                       audit::AuditLog& audit_log, model::AccountId account, model::Region region,
                       const std::string& token_key, ec2::Ec2Settings ec2, insight::Sight sight,
                       workplace::Workplace* workplace)
    : impl_(std::make_unique<Impl>(control, credentials, sealer, clock, entropy, audit_log, std::move(account),
                                   std::move(region), token_key, std::move(ec2), std::move(sight), workplace)) {}

ApiService::~ApiService() = default;

HttpResponse ApiService::handle(const HttpRequest& request) { return impl_->handle(request); }

ApiStats ApiService::stats() const {
  const std::lock_guard lock(impl_->stats_mutex);
  return impl_->stats;
}

}  // namespace sallyport::api
