#include "api/sts/assume_role.h"

#include <charconv>
#include <optional>
#include <string>
#include <string_view>

#include "api/asked.h"
#include "api/errors.h"
#include "api/query_form.h"
#include "api/sts/credentials_xml.h"
#include "iam/assume.h"
#include "iam/names.h"
#include "iam/session.h"
#include "wire/json_value.h"

namespace sallyport::api::sts {

namespace {

constexpr std::uint64_t kShortest = 900;
constexpr std::uint64_t kUsual = 3600;
constexpr std::size_t kLongestSessionName = 64;

struct Refused {
  int status = 400;
  std::string code;
  std::string message;
};

template <class T>
using Checked = tl::expected<T, Refused>;

tl::unexpected<Refused> invalid(const std::string& message) {
  return tl::unexpected<Refused>(Refused{400, "ValidationError", message});
}

Checked<std::uint64_t> seconds_of(const wire::Pairs& form) {
  const auto text = wire::only_value(form, "DurationSeconds");
  if (!text || text->empty()) return kUsual;
  std::uint64_t seconds = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
  if (error != std::errc() || end != text->data() + text->size() || seconds < kShortest) {
    return invalid("DurationSeconds must be a number of seconds, at least 900, is " + wire::shortened(*text));
  }
  return seconds;
}

struct Wanted {
  std::string role_arn;
  std::string session;
  std::uint64_t seconds = kUsual;
};

Checked<Wanted> wanted_of(const wire::Pairs& form) {
  for (const auto& [name, value] : form) {
    if (name == "Policy" || name.starts_with("PolicyArns.") || name.starts_with("Tags.") ||
        name.starts_with("TransitiveTagKeys.")) {
      return invalid(name +
                     " cannot be given: Sallyport has no session policies and session tags. Give the role itself "
                     "the policies it needs.");
    }
  }
  const auto role = wire::only_value(form, "RoleArn");
  const auto session = wire::only_value(form, "RoleSessionName");
  if (!role || role->empty()) return invalid("RoleArn must be given once.");
  if (!session || session->size() < 2 || !iam::is_name(*session, kLongestSessionName)) {
    return invalid("RoleSessionName must be given once and have 2 to 64 letters, digits and characters of =,.@-_+");
  }
  const auto seconds = seconds_of(form);
  if (!seconds) return tl::unexpected<Refused>(seconds.error());
  return Wanted{.role_arn = std::string(*role), .session = std::string(*session), .seconds = *seconds};
}

const model::IamRole* role_of(const model::IdentityObjects& identities, const model::AccountId& account,
                              const std::string& arn) {
  for (const auto& [id, role] : model::all_of<model::IamRole>(identities)) {
    if (iam::arn_of(account, *role).str() == arn) return role.get();
  }
  return nullptr;
}

// A role that does not exist is refused as one that does not trust: who may not know is not told.
Checked<iam::Session> grant(const model::IdentityObjects& identities, const Call& call, const Wanted& wanted,
                            const Granting& granting) {
  const model::IamRole* role = role_of(identities, granting.account, wanted.role_arn);
  const Asked asked = asked_of("sts", "AssumeRole", call.http,
                               {.account = granting.account,
                                .region = granting.region,
                                .now = granting.clock.now(),
                                .identities = identities,
                                .principal = call.principal});
  iam::AccessRequest request{.action = asked.action, .resource = wanted.role_arn, .context = asked.context};
  request.context.set("sts:RoleSessionName", wanted.session);
  if (role == nullptr || iam::may_assume(identities, call.principal, *role, request) != iam::Verdict::kAllow) {
    return tl::unexpected<Refused>(Refused{
        403, "AccessDenied",
        "User: " + call.principal.arn.str() +
            " is not authorized to perform: sts:AssumeRole on resource: " + wire::shortened(wanted.role_arn, 2048)});
  }
  if (wanted.seconds > role->max_session_seconds) {
    return invalid("DurationSeconds " + std::to_string(wanted.seconds) + " is more than the " +
                   std::to_string(role->max_session_seconds) + " of the role's MaxSessionDuration");
  }
  const auto whole = std::chrono::time_point_cast<base::Seconds>(granting.clock.now());
  auto session =
      iam::new_session(*role, wanted.session, whole, whole + base::Seconds(wanted.seconds), granting.entropy);
  session.assumed_by = iam::who_holds(call.principal);
  return session;
}

std::string answer(const iam::Session& session, const model::IamRole& role, const Call& call,
                   const Granting& granting) {
  std::string body = R"(<?xml version="1.0" encoding="UTF-8"?>)"
                     "\n";
  body += R"(<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult>)";
  body += "<AssumedRoleUser><AssumedRoleId>" + escape_xml(role.id.str() + ":" + session.name) +
          "</AssumedRoleId><Arn>" + escape_xml(iam::session_arn(granting.account, role, session.name).str()) +
          "</Arn></AssumedRoleUser>";
  body += credentials_xml(session, granting.sealer);
  body += "</AssumeRoleResult><ResponseMetadata><RequestId>" + escape_xml(call.request_id) +
          "</RequestId></ResponseMetadata></AssumeRoleResponse>";
  return body;
}

}  // namespace

HttpResponse assume_role(const Call& call, const Granting& granting) {
  const auto form = query_form(call.http);
  const auto wanted = form ? wanted_of(*form) : Checked<Wanted>(invalid("The request is no form."));
  const auto refuse = [&](const Refused& why) {
    return query_error(why.status, why.code, why.message, call.request_id);
  };
  if (!wanted) return refuse(wanted.error());
  HttpResponse response;
  granting.control.read_identities([&](const model::IdentityObjects& identities) {
    const auto session = grant(identities, call, *wanted, granting);
    if (!session) {
      response = refuse(session.error());
      return;
    }
    const auto* role = model::find_in<model::IamRole>(identities, *session->role);
    response = {200, {{"Content-Type", "text/xml;charset=UTF-8"}}, answer(*session, *role, call, granting)};
  });
  return response;
}

}  // namespace sallyport::api::sts
