#include "provider/command_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "provider/test_state.h"

namespace sallyport::provider {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

const Layout kLayout{"/state/ID"};

TEST(ApiServerCommand, ServesWhereTheStateSays) {
  const auto words = api_server_command(sample_state(), kLayout);
  EXPECT_EQ(words.front(), "/usr/bin/kube-apiserver");
  EXPECT_THAT(words, Contains("--bind-address=127.0.0.1"));
  EXPECT_THAT(words, Contains("--secure-port=21000"));
  EXPECT_THAT(words, Contains("--etcd-servers=https://127.0.0.1:21001"));
  EXPECT_THAT(words, Contains("--service-cluster-ip-range=10.100.0.0/16"));
  EXPECT_THAT(words, Contains("--tls-cert-file=/state/ID/pki/apiserver.crt"));
  EXPECT_EQ(api_address(sample_state()).to_string(), "127.0.0.1:21000");
}

TEST(ApiServerCommand, AsksTheWebhooksWhereThereAreSome) {
  ClusterState state = sample_state();
  EXPECT_THAT(api_server_command(state, kLayout), Contains("--authorization-mode=Node,RBAC"));
  EXPECT_THAT(api_server_command(state, kLayout), Not(Contains(HasSubstr("webhook"))));
  state.webhooks = true;
  const auto words = api_server_command(state, kLayout);
  EXPECT_THAT(words, Contains("--authorization-mode=Node,RBAC,Webhook"));
  EXPECT_THAT(words, Contains("--authentication-token-webhook-config-file=" + kLayout.authentication_webhook()));
  EXPECT_THAT(words, Contains("--authorization-webhook-config-file=" + kLayout.authorization_webhook()));
  EXPECT_THAT(words, Contains("--authentication-token-webhook-cache-ttl=0s"));
  EXPECT_THAT(words, Contains("--authorization-webhook-cache-authorized-ttl=0s"));
  EXPECT_THAT(words, Contains("--authorization-webhook-cache-unauthorized-ttl=0s"));
}

TEST(ApiServerCommand, NeverServesEverythingToTheAnonymous) {
  ClusterState state = sample_state();
  EXPECT_THAT(api_server_command(state, kLayout),
              Contains("--authentication-config=" + kLayout.authentication_config()));
  EXPECT_THAT(api_server_command(state, kLayout), Not(Contains(StartsWith("--anonymous-auth"))));
  state.binary_version = {1, 31};
  EXPECT_THAT(api_server_command(state, kLayout), Contains("--anonymous-auth=false"));
  EXPECT_THAT(api_server_command(state, kLayout), Not(Contains(StartsWith("--authentication-config"))));
}

TEST(ApiServerCommand, AdvertisesWhatPodsCanReach) {
  ClusterState state = sample_state();
  EXPECT_THAT(api_server_command(state, kLayout), Contains("--endpoint-reconciler-type=none"));
  state.address = *base::IpAddress::parse("10.0.0.5");
  EXPECT_THAT(api_server_command(state, kLayout), Contains("--advertise-address=10.0.0.5"));
  EXPECT_THAT(api_server_command(state, kLayout), Not(Contains("--endpoint-reconciler-type=none")));
  state.address = *base::IpAddress::parse("2001:db8::1");
  EXPECT_THAT(api_server_command(state, kLayout), Contains("--endpoint-reconciler-type=none"));
}

TEST(EtcdCommand, AdmitsCertificatesOfItsOwnAuthorityAloneOnLoopbackAlone) {
  ClusterState state = sample_state();
  state.address = *base::IpAddress::parse("10.0.0.5");
  const auto words = etcd_command(state, kLayout);
  EXPECT_EQ(words.front(), "/usr/bin/etcd");
  EXPECT_THAT(words, Contains("--listen-client-urls=https://127.0.0.1:21001"));
  EXPECT_THAT(words, Contains("--listen-peer-urls=https://127.0.0.1:21002"));
  for (const char* word :
       {"--client-cert-auth", "--peer-client-cert-auth", "--trusted-ca-file=/state/ID/pki/etcd-ca.crt",
        "--peer-trusted-ca-file=/state/ID/pki/etcd-ca.crt"})
    EXPECT_THAT(words, Contains(word));
  EXPECT_THAT(words, Not(Contains(HasSubstr("fsync"))));
  EXPECT_THAT(words, Not(Contains(HasSubstr("http://"))));
}

}  // namespace
}  // namespace sallyport::provider
