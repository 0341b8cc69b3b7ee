#pragma once

#include <string>
#include <vector>

#include "provider/layout.h"
#include "provider/state.h"

// The command lines of a cluster's two processes. Pure.
namespace sallyport::provider {

// Names of the certificates and keys in Layout::pki().
namespace pki_names {
inline constexpr const char* kCa = "ca";
inline constexpr const char* kEtcdCa = "etcd-ca";
inline constexpr const char* kFrontProxyCa = "front-proxy-ca";
inline constexpr const char* kApiServer = "apiserver";
inline constexpr const char* kAdmin = "admin";
inline constexpr const char* kKubeletClient = "apiserver-kubelet-client";
inline constexpr const char* kEtcdClient = "apiserver-etcd-client";
inline constexpr const char* kEtcd = "etcd";
inline constexpr const char* kFrontProxyClient = "front-proxy-client";
inline constexpr const char* kServiceAccounts = "service-accounts";
}  // namespace pki_names

// etcd has no other client than this machine's API server.
inline constexpr const char* kEtcdAddress = "127.0.0.1";

std::vector<std::string> etcd_command(const ClusterState& state, const Layout& layout);
std::vector<std::string> api_server_command(const ClusterState& state, const Layout& layout);

// Whether that release limits anonymous requests by a configuration file; older ones have all or none.
bool limits_anonymous(const KubernetesVersion& version);

// "127.0.0.1:21000", where kube-apiserver listens.
base::SocketAddress api_address(const ClusterState& state);

}  // namespace sallyport::provider
