#include "api/identity/iam_handlers.h"

#include <optional>
#include <utility>

#include "api/errors.h"
#include "api/identity/operation.h"
#include "api/query_form.h"
#include "wire/json_value.h"

namespace sallyport::api::identity {

namespace {

constexpr std::string_view kVersion = "2010-05-08";

HttpResponse answered(std::string_view operation, const Xml& answer, const std::string& request_id) {
  const std::string name(operation);
  return {200,
          {{"Content-Type", "text/xml;charset=UTF-8"}},
          R"(<?xml version="1.0" encoding="UTF-8"?>)"
          "\n<" +
              name + R"(Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><)" + name + "Result>" +
              answer.str() + "</" + name + "Result><ResponseMetadata><RequestId>" + escape_xml(request_id) +
              "</RequestId></ResponseMetadata></" + name + "Response>"};
}

// The control plane refuses no identity itself: what fails there is for the caller to try again.
Fault fault_of(const base::Error& error) { return {"ServiceFailure", error.message, 503}; }

// The operation that the request names, which must be one of this version.
IamResult<const Entry*> entry_of(const wire::Pairs& form) {
  const auto action = wire::only_value(form, "Action");
  if (!action) return fault("MissingAction", "The parameter Action must be given once.");
  const auto version = wire::only_value(form, "Version");
  const Entry* entry = find_operation(*action);
  if (entry != nullptr && version == kVersion) return entry;
  return fault("InvalidAction", "Could not find operation " + wire::shortened(*action) + " for version " +
                                    wire::shortened(version.value_or("NO_VERSION_SPECIFIED")) +
                                    "; Sallyport serves the operations on users, access keys, roles and policies of "
                                    "version " +
                                    std::string(kVersion) + ".");
}

}  // namespace

IamHandlers::IamHandlers(control::ControlPlane& control, const base::Clock& clock, base::Entropy& entropy,
                         model::AccountId account, const iam::Sealer& sealer, std::string token_key)
    : control_(control),
      clock_(clock),
      entropy_(entropy),
      account_(std::move(account)),
      sealer_(sealer),
      token_key_(std::move(token_key)) {}

std::string IamHandlers::operation_of(const HttpRequest& request) {
  const auto form = query_form(request);
  const auto action = form ? wire::only_value(*form, "Action") : std::nullopt;
  return action && find_operation(*action) != nullptr ? std::string(*action) : "unknown";
}

api::Outcome IamHandlers::handle(const Call& call) const {
  const std::string operation = operation_of(call.http);
  const auto refuse = [&](const Fault& why) {
    return api::Outcome{operation, query_error(why.status, why.code, why.message, call.request_id)};
  };
  const auto form = query_form(call.http);
  if (!form) {
    return refuse({"MalformedQueryString",
                   "IAM takes a GET with a query string or a POST of application/x-www-form-urlencoded, of at most "
                   "4,096 parameters."});
  }
  const auto entry = entry_of(*form);
  if (!entry) return refuse(entry.error());
  const auto params = QueryParams::of(*form, kParamCodes);
  if (!params) return refuse(params.error());

  IamResult<Outcome> outcome;
  const auto run_on = [&](const model::IdentityObjects& identities) {
    outcome = run(**entry, {.identities = identities,
                            .params = *params,
                            .account = account_,
                            .now = clock_.now(),
                            .entropy = entropy_,
                            .sealer = sealer_,
                            .principal = call.principal,
                            .token_key = token_key_});
  };
  if ((*entry)->writes) {
    const auto changed = control_.change_identities(
        [&](const model::IdentityObjects& identities) -> base::Result<std::optional<store::Transaction>> {
          run_on(identities);
          if (!outcome || (outcome->puts.empty() && outcome->erases.empty())) return std::nullopt;
          store::Transaction transaction;
          transaction.puts = outcome->puts;
          transaction.erases = outcome->erases;
          return transaction;
        },
        "iam:" + operation, {call.principal.arn, call.http.source.to_string(), call.request_id});
    if (!changed) return refuse(fault_of(changed.error()));
  } else {
    control_.read_identities(run_on);
  }
  if (!outcome) return refuse(outcome.error());
  return {operation, answered((*entry)->name, outcome->answer, call.request_id)};
}

}  // namespace sallyport::api::identity
