#include "provider/command_lines.h"

namespace sallyport::provider {

namespace {

std::string etcd_url(std::uint16_t port) { return std::string("https://") + kEtcdAddress + ":" + std::to_string(port); }

void add_webhooks(std::vector<std::string>& to, const Layout& layout) {
  // Sallyport may withdraw an identity or a permission at any time: nothing it said is kept here.
  to.insert(to.end(), {"--authentication-token-webhook-config-file=" + layout.authentication_webhook(),
                       "--authentication-token-webhook-version=v1", "--authentication-token-webhook-cache-ttl=0s",
                       "--authorization-webhook-config-file=" + layout.authorization_webhook(),
                       "--authorization-webhook-version=v1", "--authorization-webhook-cache-authorized-ttl=0s",
                       "--authorization-webhook-cache-unauthorized-ttl=0s"});
}

void add_advertisement(std::vector<std::string>& to, const ClusterState& state) {
  if (!state.address.is_loopback() && state.address.is_v4()) {
    to.push_back("--advertise-address=" + state.address.to_string());
    return;
  }
  // A loopback address means nothing to a pod, and kube-apiserver refuses to advertise one, as it does an IPv6 address
  // with services on IPv4: it is given an address for documentation (RFC 5737), which it then does not publish.
  to.insert(to.end(), {"--advertise-address=192.0.2.1", "--endpoint-reconciler-type=none"});
}

}  // namespace

std::vector<std::string> etcd_command(const ClusterState& state, const Layout& layout) {
  const std::string client_url = etcd_url(state.ports.etcd_client);
  const std::string peer_url = etcd_url(state.ports.etcd_peer);
  const std::string ca = layout.certificate(pki_names::kEtcdCa);
  const std::string certificate = layout.certificate(pki_names::kEtcd);
  const std::string key = layout.key(pki_names::kEtcd);
  return {
      state.etcd,
      "--name=default",
      "--data-dir=" + layout.etcd_data(),
      "--listen-client-urls=" + client_url,
      "--advertise-client-urls=" + client_url,
      "--listen-peer-urls=" + peer_url,
      "--initial-advertise-peer-urls=" + peer_url,
      "--initial-cluster=default=" + peer_url,
      // Any local user can connect to a loopback port: only a certificate of etcd's own authority opens it.
      "--client-cert-auth",
      "--trusted-ca-file=" + ca,
      "--cert-file=" + certificate,
      "--key-file=" + key,
      "--peer-client-cert-auth",
      "--peer-trusted-ca-file=" + ca,
      "--peer-cert-file=" + certificate,
      "--peer-key-file=" + key,
      "--quota-backend-bytes=8589934592",
      "--snapshot-count=10000",
  };
}

std::vector<std::string> api_server_command(const ClusterState& state, const Layout& layout) {
  const auto certificate = [&](const char* name) { return layout.certificate(name); };
  const auto key = [&](const char* name) { return layout.key(name); };
  std::vector<std::string> command{
      state.kube_apiserver,
      "--etcd-servers=" + etcd_url(state.ports.etcd_client),
      "--etcd-cafile=" + certificate(pki_names::kEtcdCa),
      "--etcd-certfile=" + certificate(pki_names::kEtcdClient),
      "--etcd-keyfile=" + key(pki_names::kEtcdClient),
      "--bind-address=" + state.address.to_string(),
      "--secure-port=" + std::to_string(state.ports.api),
      "--tls-cert-file=" + certificate(pki_names::kApiServer),
      "--tls-private-key-file=" + key(pki_names::kApiServer),
      "--cert-dir=" + layout.pki(),
      "--client-ca-file=" + certificate(pki_names::kCa),
      "--kubelet-client-certificate=" + certificate(pki_names::kKubeletClient),
      "--kubelet-client-key=" + key(pki_names::kKubeletClient),
      "--requestheader-client-ca-file=" + certificate(pki_names::kFrontProxyCa),
      std::string("--requestheader-allowed-names=") + pki_names::kFrontProxyClient,
      "--requestheader-username-headers=X-Remote-User",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      "--proxy-client-cert-file=" + certificate(pki_names::kFrontProxyClient),
      "--proxy-client-key-file=" + key(pki_names::kFrontProxyClient),
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      "--service-account-key-file=" + layout.service_account_public(),
      "--service-account-signing-key-file=" + key(pki_names::kServiceAccounts),
      "--service-cluster-ip-range=" + state.service_cidr,
      "--allow-privileged=true",
      "--enable-admission-plugins=NodeRestriction",
      "--enable-aggregator-routing=true",
      "--profiling=false",
      std::string("--authorization-mode=") + (state.webhooks ? "Node,RBAC,Webhook" : "Node,RBAC"),
  };
  command.push_back(limits_anonymous(state.binary_version) ? "--authentication-config=" + layout.authentication_config()
                                                           : "--anonymous-auth=false");
  add_advertisement(command, state);
  if (state.webhooks) add_webhooks(command, layout);
  return command;
}

bool limits_anonymous(const KubernetesVersion& version) { return version >= KubernetesVersion{1, 32}; }

base::SocketAddress api_address(const ClusterState& state) { return {state.address, state.ports.api}; }

}  // namespace sallyport::provider
