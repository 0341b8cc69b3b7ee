#include "api/sts/get_session_token.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

#include "api/errors.h"
#include "api/query_form.h"
#include "api/sts/credentials_xml.h"
#include "base/limits.h"
#include "iam/session.h"
#include "wire/json_value.h"

namespace sallyport::api::sts {

namespace {

namespace limits = base::limits;

tl::expected<base::Seconds, std::string> time_of(const wire::Pairs& form, bool root) {
  const base::Seconds most = root ? limits::kSessionTokenOfRoot : limits::kSessionTokenLongest;
  base::Seconds time = limits::kSessionTokenUsual;
  const auto text = wire::only_value(form, "DurationSeconds");
  if (text && !text->empty()) {
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (error != std::errc() || end != text->data() + text->size() ||
        seconds < base::Seconds(limits::kSessionTokenShortest).count() ||
        seconds > base::Seconds(limits::kSessionTokenLongest).count()) {
      return tl::unexpected("DurationSeconds must be a number from 900 to 129600, is " + wire::shortened(*text));
    }
    time = base::Seconds(seconds);
  }
  // Root's are cut, not refused, as on AWS.
  return std::min(time, most);
}

}  // namespace

HttpResponse get_session_token(const Call& call, const Granting& granting) {
  const auto form = query_form(call.http);
  const auto invalid = [&](const std::string& message) {
    return query_error(400, "ValidationError", message, call.request_id);
  };
  if (!form) return invalid("The request is no form.");
  if (call.principal.temporary) {
    return query_error(403, "AccessDenied", "Cannot call GetSessionToken with session credentials", call.request_id);
  }
  for (const auto& [name, value] : *form) {
    if (name == "SerialNumber" || name == "TokenCode") {
      return invalid(name + " cannot be given: Sallyport has no MFA devices.");
    }
  }
  const auto time = time_of(*form, call.principal.is_root);
  if (!time) return invalid(time.error());
  const auto now = std::chrono::floor<base::Seconds>(granting.clock.now());
  const iam::Session session =
      iam::session_of_caller(call.principal, call.access_key_id, now, now + *time, granting.entropy);
  std::string body = R"(<?xml version="1.0" encoding="UTF-8"?>)"
                     "\n";
  body += R"(<GetSessionTokenResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetSessionTokenResult>)";
  body += credentials_xml(session, granting.sealer);
  body += "</GetSessionTokenResult><ResponseMetadata><RequestId>" + escape_xml(call.request_id) +
          "</RequestId></ResponseMetadata></GetSessionTokenResponse>";
  return {200, {{"Content-Type", "text/xml;charset=UTF-8"}}, std::move(body)};
}

}  // namespace sallyport::api::sts
