#include "api/asked.h"

#include <chrono>

#include "api/query_form.h"

namespace sallyport::api {

namespace {

void ask_sts(Asked& asked, const HttpRequest& request) {
  const auto form = query_form(request);
  const auto role = form ? wire::only_value(*form, "RoleArn") : std::nullopt;
  if (role) asked.resources = {{.arn = std::string(*role)}};
}

}  // namespace

void add_request_tags(iam::RequestContext& context, const model::Tags& tags) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : tags) {
    context.set("aws:RequestTag/" + key, value);
    keys.push_back(key);
  }
  context.set("aws:TagKeys", std::move(keys));
}

Asked asked_of(std::string_view service, std::string_view operation, const HttpRequest& request,
               const Surroundings& around) {
  Asked asked{.action = std::string(service) + ":" + std::string(operation), .resources = {{.arn = "*"}}};
  asked.context.set("aws:SourceIp", request.source.to_string());
  asked.context.set("aws:SecureTransport", request.over_tls ? "true" : "false");
  asked.context.set("aws:CurrentTime", base::format_rfc3339(around.now));
  const auto seconds = std::chrono::duration_cast<base::Seconds>(around.now.time_since_epoch());
  asked.context.set("aws:EpochTime", std::to_string(seconds.count()));
  asked.context.set("aws:RequestedRegion", around.region.str());
  if (const auto agent = request.header("User-Agent"); !agent.empty()) {
    asked.context.set("aws:UserAgent", std::string(agent));
  }
  if (service == "eks") ask_eks(asked, request, around);
  if (service == "ec2") ask_ec2(asked, operation, request, around);
  if (service == "iam") ask_iam(asked, request, around);
  if (service == "sallyport") ask_sallyport(asked, request, around);
  if (service == "sts") ask_sts(asked, request);
  return asked;
}

}  // namespace sallyport::api
