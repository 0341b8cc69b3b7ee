#include "api/sts/sts_handlers.h"

#include <string_view>

#include "api/errors.h"
#include "api/query_form.h"
#include "api/sts/get_session_token.h"

namespace sallyport::api::sts {

namespace {

constexpr std::string_view kVersion = "2011-06-15";
constexpr std::string_view kGetCallerIdentity = "GetCallerIdentity";
constexpr std::string_view kAssumeRole = "AssumeRole";
constexpr std::string_view kGetSessionToken = "GetSessionToken";

bool is_served(std::string_view action) {
  return action == kGetCallerIdentity || action == kAssumeRole || action == kGetSessionToken;
}

HttpResponse caller_identity(const Call& call) {
  std::string body = R"(<?xml version="1.0" encoding="UTF-8"?>)"
                     "\n";
  body += R"(<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>)";
  body += "<Arn>" + escape_xml(call.principal.arn.str()) + "</Arn>";
  body += "<UserId>" + escape_xml(call.principal.user_id) + "</UserId>";
  body += "<Account>" + escape_xml(call.principal.account.str()) + "</Account>";
  body += "</GetCallerIdentityResult><ResponseMetadata><RequestId>" + escape_xml(call.request_id);
  body += "</RequestId></ResponseMetadata></GetCallerIdentityResponse>";
  return {200, {{"Content-Type", "text/xml;charset=UTF-8"}}, std::move(body)};
}

HttpResponse respond(const Call& call, const Granting& granting) {
  const auto form = query_form(call.http);
  if (!form) {
    return query_error(400, "MalformedQueryString",
                       "STS takes a GET with a query string or a POST of application/x-www-form-urlencoded.",
                       call.request_id);
  }
  const auto action = wire::only_value(*form, "Action");
  const auto version = wire::only_value(*form, "Version");
  if (!action) return query_error(400, "MissingAction", "The parameter Action must be given once.", call.request_id);
  if (version != kVersion || !is_served(*action)) {
    return query_error(400, "InvalidAction",
                       "Could not find operation " + std::string(*action) + " for version " +
                           std::string(version.value_or("NO_VERSION_SPECIFIED")) +
                           "; Sallyport's STS serves AssumeRole, GetCallerIdentity and GetSessionToken of version " +
                           std::string(kVersion) + ".",
                       call.request_id);
  }
  if (*action == kAssumeRole) return assume_role(call, granting);
  if (*action == kGetSessionToken) return get_session_token(call, granting);
  return caller_identity(call);
}

}  // namespace

std::string StsHandlers::operation_of(const HttpRequest& request) {
  const auto form = query_form(request);
  const auto action = form ? wire::only_value(*form, "Action") : std::nullopt;
  return action && is_served(*action) ? std::string(*action) : "unknown";
}

Outcome StsHandlers::handle(const Call& call) const { return {operation_of(call.http), respond(call, granting_)}; }

}  // namespace sallyport::api::sts
