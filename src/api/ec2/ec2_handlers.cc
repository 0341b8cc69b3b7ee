#include "api/ec2/ec2_handlers.h"

#include <optional>
#include <utility>

#include "api/ec2/operation.h"
#include "api/errors.h"
#include "api/query_form.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

constexpr std::string_view kVersion = "2016-11-15";

HttpResponse refused(const Fault& why, const std::string& request_id) {
  return ec2_error(why.status, why.code, why.message, request_id);
}

// The control plane's refusals, in EC2's codes; what has none is for the caller to try again.
Fault fault_of(const base::Error& error, std::string_view operation) {
  switch (error.kind) {
    case base::ErrorKind::kInUse: return {"DependencyViolation", error.message};
    case base::ErrorKind::kLimitExceeded: return {"RouteLimitExceeded", error.message};
    case base::ErrorKind::kInvalidParameter:
      return {operation.ends_with("Subnet") ? "InvalidSubnet.Conflict" : "InvalidVpc.Range", error.message};
    default: return {"Unavailable", error.message, 503};
  }
}

HttpResponse answered(std::string_view operation, const Xml& answer, const std::string& request_id) {
  const std::string root = std::string(operation) + "Response";
  return {200,
          {{"Content-Type", "text/xml;charset=UTF-8"}},
          R"(<?xml version="1.0" encoding="UTF-8"?>)"
          "\n<" +
              root + R"( xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>)" + escape_xml(request_id) +
              "</requestId>" + answer.str() + "</" + root + ">"};
}

}  // namespace

Ec2Handlers::Ec2Handlers(control::ControlPlane& control, const base::Clock& clock, base::Entropy& entropy,
                         model::AccountId account, std::string token_key, Ec2Settings settings)
    : control_(control),
      clock_(clock),
      entropy_(entropy),
      account_(std::move(account)),
      token_key_(std::move(token_key)),
      settings_(std::move(settings)) {}

std::string Ec2Handlers::operation_of(const HttpRequest& request) {
  const auto form = query_form(request);
  const auto action = form ? wire::only_value(*form, "Action") : std::nullopt;
  return action && find_operation(*action) != nullptr ? std::string(*action) : "unknown";
}

api::Outcome Ec2Handlers::handle(const Call& call) {
  const std::string operation = operation_of(call.http);
  const auto answer = [&](HttpResponse response) { return api::Outcome{operation, std::move(response)}; };
  const auto refuse = [&](const Fault& why) { return answer(refused(why, call.request_id)); };

  const auto form = query_form(call.http);
  if (!form) {
    return refuse({"MalformedQueryString",
                   "EC2 takes a GET with a query string or a POST of application/x-www-form-urlencoded, of at most "
                   "4,096 parameters"});
  }
  const auto action = wire::only_value(*form, "Action");
  if (!action) return refuse({"MissingAction", "The parameter Action must be given once."});
  const Entry* entry = find_operation(*action);
  if (entry == nullptr || wire::only_value(*form, "Version") != kVersion) {
    return refuse({"InvalidAction", "The action " + wire::shortened(*action) +
                                        " is not valid for this web service: Sallyport serves the operations on "
                                        "networks of version " +
                                        std::string(kVersion)});
  }
  const auto params = params_of(*form);
  if (!params) return refuse(params.error());

  std::optional<Ec2Result<ec2::Outcome>> outcome;
  const auto run_on = [&](const model::Snapshot& world) {
    outcome = run(*entry, {.world = world,
                           .params = *params,
                           .account = account_,
                           .now = clock_.now(),
                           .entropy = entropy_,
                           .token_key = token_key_,
                           .deleted_connections = deleted_connections_,
                           .elastic_ip_pool = settings_.elastic_ip_pool,
                           .default_vpc_block = settings_.default_vpc_block});
  };
  if (!entry->writes) {
    control_.read_state(run_on);
  } else {
    const auto changed = control_.change_network(
        [&](const model::Snapshot& world) -> base::Result<std::optional<store::Transaction>> {
          run_on(world);
          if (!*outcome || ((*outcome)->puts.empty() && (*outcome)->erases.empty())) return std::nullopt;
          // Before the commit, so that at no moment they are neither there nor remembered.
          for (const model::VpnConnection& connection : (*outcome)->deleted_connections)
            deleted_connections_.remember(connection, clock_.now());
          store::Transaction transaction;
          transaction.puts = (*outcome)->puts;
          transaction.erases = (*outcome)->erases;
          return transaction;
        },
        "ec2:" + operation, {call.principal.arn, call.http.source.to_string(), call.request_id});
    if (!changed) return refuse(fault_of(changed.error(), operation));
  }
  if (!*outcome) return refuse(outcome->error());
  return answer(answered(entry->name, (*outcome)->answer, call.request_id));
}

}  // namespace sallyport::api::ec2
