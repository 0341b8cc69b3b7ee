#include "api/query_form.h"

#include "base/bytes.h"

namespace sallyport::api {

std::optional<wire::Pairs> query_form(const HttpRequest& request) {
  if (request.method == "GET") return wire::parse_pairs(wire::split_target(request.target).query);
  constexpr std::string_view kForm = "application/x-www-form-urlencoded";
  const std::string_view type = request.header("content-type");
  if (request.method != "POST" || !base::ascii_iequals(type.substr(0, kForm.size()), kForm)) return std::nullopt;
  return wire::parse_pairs(request.body, wire::Plus::kIsSpace);
}

bool speaks_query(const HttpRequest& request) {
  const auto form = query_form(request);
  return form && wire::only_value(*form, "Action").has_value();
}

}  // namespace sallyport::api
