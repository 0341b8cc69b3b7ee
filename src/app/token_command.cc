#include "app/token_command.h"

#include <fmt/core.h>

#include <cstdlib>

#include "app/aws_files.h"
#include "app/config_sections.h"
#include "app/service_url.h"
#include "base/limits.h"
#include "wire/eks_token_sign.h"
#include "wire/json_value.h"

namespace sallyport::app {

namespace {

constexpr int kFailed = 1;
// So much earlier than the token's end is a new one asked for.
constexpr base::Seconds kEarly{60};

int complain(const std::string& message) {
  fmt::print(stderr, "sallyport: {}\n", message);
  return kFailed;
}

std::string exec_credential(std::string token, base::Time end) {
  return to_text(wire::JsonObject{
      {"kind", "ExecCredential"},
      {"apiVersion", "client.authentication.k8s.io/v1beta1"},
      {"spec", wire::JsonObject{}},
      {"status",
       wire::JsonObject{{"expirationTimestamp", base::format_rfc3339_seconds(end)}, {"token", std::move(token)}}}});
}

}  // namespace

int token_command(const std::string& cluster) {
  const auto environment = [](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  };
  const auto settings = find_aws_settings(environment, read_text_file);
  if (!settings) return complain(settings.error().message);
  const auto url = parse_service_url(settings->sts_url);
  if (!url) return complain("the endpoint URL \"" + settings->sts_url + "\" " + url.error());
  const base::Time now = base::SystemClock().now();
  const wire::EksTokenRequest request{cluster,
                                      settings->region,
                                      url->tls ? "https" : "http",
                                      url->written_authority,
                                      settings->access_key_id,
                                      settings->secret_access_key,
                                      settings->session_token};
  fmt::print("{}\n", exec_credential(wire::sign_eks_token(request, now), now + base::limits::kEksTokenTime - kEarly));
  return 0;
}

}  // namespace sallyport::app
