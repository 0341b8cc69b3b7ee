#include "api/protocol.h"

#include <algorithm>
#include <array>

#include "api/errors.h"
#include "api/query_form.h"

namespace sallyport::api {

namespace {

constexpr std::array<std::string_view, 7> kQueryServices = {
    "autoscaling", "cloudformation", "elasticloadbalancing", "iam", "sns", "sqs", "sts"};
constexpr std::array<std::string_view, 6> kNamed = {"ec2", "eks", "iam", "route53", "sallyport", "sts"};

template <std::size_t N>
std::string_view one_of(const std::array<std::string_view, N>& names, std::string_view name,
                        std::string_view otherwise) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? otherwise : *found;
}

}  // namespace

Protocol protocol_of(std::string_view service) {
  if (service == "ec2") return Protocol::kEc2;
  if (service == "route53") return Protocol::kRoute53;
  return one_of(kQueryServices, service, {}).empty() ? Protocol::kRestJson : Protocol::kQuery;
}

Protocol protocol_spoken(const HttpRequest& request) {
  if (request.target.starts_with("/2013-04-01/")) return Protocol::kRoute53;
  return speaks_query(request) ? Protocol::kQuery : Protocol::kRestJson;
}

std::string_view known_service(std::string_view service) { return one_of(kNamed, service, "other"); }

HttpResponse render_error(Protocol protocol, const ErrorText& error, std::string_view message,
                          std::string_view request_id) {
  switch (protocol) {
    case Protocol::kQuery: return query_error(error.status, error.query_code, message, request_id);
    case Protocol::kEc2: return ec2_error(error.status, error.ec2_code, message, request_id);
    case Protocol::kRoute53: return route53_error(error.status, error.query_code, message, request_id);
    case Protocol::kRestJson: break;
  }
  return rest_json_error(error.status, error.rest_json_type, message);
}

}  // namespace sallyport::api
