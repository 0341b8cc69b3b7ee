#include "provider/kubeconfig.h"

#include <utility>

#include "base/bytes.h"
#include "wire/json_value.h"

namespace sallyport::provider {

namespace {

using wire::Json;
using wire::JsonArray;
using wire::JsonObject;

std::string base64(std::string_view text) { return base::to_base64(base::as_bytes(text)); }

std::string kubeconfig(const std::string& name, JsonObject cluster, JsonObject user) {
  const Json context = JsonObject{{"cluster", name}, {"user", name}};
  return to_text(JsonObject{
      {"apiVersion", "v1"},
      {"kind", "Config"},
      {"current-context", name},
      {"clusters", JsonArray{JsonObject{{"name", name}, {"cluster", std::move(cluster)}}}},
      {"users", JsonArray{JsonObject{{"name", name}, {"user", std::move(user)}}}},
      {"contexts", JsonArray{JsonObject{{"name", name}, {"context", context}}}},
  });
}

}  // namespace

std::string admin_kubeconfig(const AdminAccess& access) {
  return kubeconfig(
      access.cluster,
      {{"server", access.server},
       {"tls-server-name", access.tls_server_name},
       {"certificate-authority-data", base64(access.ca_pem)}},
      {{"client-certificate-data", base64(access.certificate_pem)}, {"client-key-data", base64(access.key_pem)}});
}

std::string webhook_kubeconfig(std::string_view url, std::string_view ca_pem, std::string_view bearer_token) {
  return kubeconfig("sallyport", {{"server", url}, {"certificate-authority-data", base64(ca_pem)}},
                    {{"token", bearer_token}});
}

std::string authentication_configuration() {
  JsonArray paths;
  for (const char* path : {"/livez", "/readyz", "/healthz"})
    paths.emplace_back(JsonObject{{"path", path}});
  return to_text(JsonObject{{"apiVersion", "apiserver.config.k8s.io/v1beta1"},
                            {"kind", "AuthenticationConfiguration"},
                            {"anonymous", JsonObject{{"enabled", true}, {"conditions", std::move(paths)}}}});
}

}  // namespace sallyport::provider
