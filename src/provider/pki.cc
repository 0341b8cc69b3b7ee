#include "provider/pki.h"

#include <chrono>
#include <string>
#include <vector>

#include "model/cidr.h"
#include "provider/certificate.h"
#include "provider/command_lines.h"
#include "provider/files.h"
#include "provider/kubeconfig.h"

namespace sallyport::provider {

namespace {

using base::ErrorKind;
using base::fail;

constexpr std::chrono::hours kYear{24 * 365};
constexpr const char* kAdministrators = "system:masters";

base::Result<std::string> ensure_key(const Layout& layout, const std::string& name) {
  const std::string path = layout.key(name);
  auto present = read_file(path);
  if (present || present.error().kind != ErrorKind::kNotFound) return present;
  auto made = make_key();
  if (!made) return made;
  if (auto written = write_file(path, *made); !written) return fail(written.error());
  return made;
}

base::Result<Authority> ensure_authority(const ClusterState& state, const Layout& layout, const std::string& name,
                                         base::Time now) {
  const std::string path = layout.certificate(name);
  auto certificate = read_file(path);
  if (!certificate && certificate.error().kind != ErrorKind::kNotFound) return fail(certificate.error());
  if (certificate && !exists(layout.key(name))) {
    return fail(ErrorKind::kCorrupt, layout.key(name) + " is missing; restore it from a backup, or delete the cluster");
  }
  auto key = ensure_key(layout, name);
  if (!key) return fail(key.error());
  if (!certificate) {
    Profile profile;
    profile.common_name = "sallyport " + name + " " + state.id.str();
    profile.authority = true;
    profile.life = 10 * kYear;
    certificate = issue(profile, *key, nullptr, now);
    if (!certificate) return fail(certificate.error());
    if (auto written = write_file(path, *certificate); !written) return fail(written.error());
  }
  if (!is_pair(*certificate, *key)) {
    return fail(ErrorKind::kCorrupt,
                path + " and its key do not belong together; restore both from a backup, or delete the cluster");
  }
  return Authority{*std::move(certificate), *std::move(key)};
}

base::Status ensure_certificate(const Layout& layout, const std::string& name, const Profile& profile,
                                const Authority& issuer, base::Time now) {
  const auto key = ensure_key(layout, name);
  if (!key) return fail(key.error());
  const auto present = read_file(layout.certificate(name));
  if (present && is_current(*present, profile, *key, issuer, now)) return {};
  const auto made = issue(profile, *key, &issuer, now);
  if (!made) return fail(made.error());
  return write_file(layout.certificate(name), *made);
}

Profile client(const std::string& name, const std::string& group = {}) {
  Profile profile;
  profile.common_name = name;
  profile.organization = group;
  profile.client = true;
  profile.life = kYear;
  return profile;
}

// What was asked for, and the names by which pods and this machine know the API server.
Profile api_server(const ClusterState& state) {
  Profile profile;
  profile.common_name = "kube-apiserver";
  profile.server = true;
  profile.life = kYear;
  profile.sans = state.sans;
  profile.sans.insert(profile.sans.end(),
                      {state.endpoint, state.address.to_string(), "localhost", "kubernetes", "kubernetes.default",
                       "kubernetes.default.svc", "kubernetes.default.svc.cluster.local"});
  // The service "kubernetes" has the first address of the block.
  if (const auto services = model::Cidr::parse(state.service_cidr)) {
    profile.sans.push_back(base::IpAddress::v4(services->network().v4_value() + 1).to_string());
  }
  return profile;
}

// A client too: etcd's own gateway calls its server with this certificate, and members call each other.
Profile etcd() {
  Profile profile = client("etcd");
  profile.server = true;
  profile.sans = {kEtcdAddress, "localhost"};
  return profile;
}

base::Status ensure_service_account_keys(const Layout& layout) {
  const auto key = ensure_key(layout, pki_names::kServiceAccounts);
  if (!key) return fail(key.error());
  const auto half = public_key_of(*key);
  if (!half) return fail(half.error());
  return keep_file(layout.service_account_public(), *half);
}

base::Status ensure_admin_kubeconfig(const ClusterState& state, const Layout& layout, const Authority& ca) {
  const auto certificate = read_file(layout.certificate(pki_names::kAdmin));
  if (!certificate) return fail(certificate.error());
  const auto key = read_file(layout.key(pki_names::kAdmin));
  if (!key) return fail(key.error());
  return keep_file(layout.admin_kubeconfig(),
                   admin_kubeconfig({state.cluster.str(), "https://" + api_address(state).to_string(), state.endpoint,
                                     ca.certificate_pem, *certificate, *key}));
}

}  // namespace

base::Status ensure_pki(const ClusterState& state, const Layout& layout, base::Time now) {
  const auto ca = ensure_authority(state, layout, pki_names::kCa, now);
  if (!ca) return fail(ca.error());
  const auto etcd_ca = ensure_authority(state, layout, pki_names::kEtcdCa, now);
  if (!etcd_ca) return fail(etcd_ca.error());
  const auto front_proxy_ca = ensure_authority(state, layout, pki_names::kFrontProxyCa, now);
  if (!front_proxy_ca) return fail(front_proxy_ca.error());

  struct Wanted {
    const char* name;
    Profile profile;
    const Authority* issuer;
  };
  const std::vector<Wanted> all{
      {pki_names::kApiServer, api_server(state), &*ca},
      {pki_names::kAdmin, client("sallyport-admin", kAdministrators), &*ca},
      {pki_names::kKubeletClient, client(pki_names::kKubeletClient, kAdministrators), &*ca},
      {pki_names::kEtcd, etcd(), &*etcd_ca},
      {pki_names::kEtcdClient, client(pki_names::kEtcdClient), &*etcd_ca},
      {pki_names::kFrontProxyClient, client(pki_names::kFrontProxyClient), &*front_proxy_ca},
  };
  for (const Wanted& wanted : all) {
    if (auto made = ensure_certificate(layout, wanted.name, wanted.profile, *wanted.issuer, now); !made) return made;
  }
  if (auto made = ensure_service_account_keys(layout); !made) return made;
  return ensure_admin_kubeconfig(state, layout, *ca);
}

}  // namespace sallyport::provider
