#pragma once

#include <string>
#include <string_view>

// Configuration files that kube-apiserver and kubectl read, as JSON, which is YAML: no value needs quoting rules of
// its own. Pure.
namespace sallyport::provider {

struct AdminAccess {
  std::string cluster;          // shown by kubectl
  std::string server;           // https URL
  std::string tls_server_name;  // the certificate is checked against it
  std::string ca_pem;
  std::string certificate_pem;
  std::string key_pem;
};

std::string admin_kubeconfig(const AdminAccess& access);

// A webhook's address, authority and the token that proves the caller to it (a secret).
std::string webhook_kubeconfig(std::string_view url, std::string_view ca_pem, std::string_view bearer_token);

// Admits requests without credentials to the health checks and to nothing else, as EKS does from 1.32 on.
std::string authentication_configuration();

}  // namespace sallyport::provider
