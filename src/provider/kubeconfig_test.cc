#include "provider/kubeconfig.h"

#include <gtest/gtest.h>

namespace sallyport::provider {
namespace {

TEST(Kubeconfig, TheAdministratorsNamesServerAuthorityAndKey) {
  EXPECT_EQ(admin_kubeconfig({"demo", "https://127.0.0.1:21000", "demo.example.com", "ca", "crt", "key"}),
            R"({"apiVersion":"v1","kind":"Config","current-context":"demo",)"
            R"("clusters":[{"name":"demo","cluster":{"server":"https://127.0.0.1:21000",)"
            R"("tls-server-name":"demo.example.com","certificate-authority-data":"Y2E="}}],)"
            R"("users":[{"name":"demo","user":{"client-certificate-data":"Y3J0","client-key-data":"a2V5"}}],)"
            R"("contexts":[{"name":"demo","context":{"cluster":"demo","user":"demo"}}]})");
}

TEST(Kubeconfig, AWebhooksNamesUrlAuthorityAndToken) {
  EXPECT_EQ(webhook_kubeconfig("https://127.0.0.1:8790/x", "ca", "to\"ken"),
            R"({"apiVersion":"v1","kind":"Config","current-context":"sallyport",)"
            R"("clusters":[{"name":"sallyport","cluster":{"server":"https://127.0.0.1:8790/x",)"
            R"("certificate-authority-data":"Y2E="}}],)"
            R"("users":[{"name":"sallyport","user":{"token":"to\"ken"}}],)"
            R"("contexts":[{"name":"sallyport","context":{"cluster":"sallyport","user":"sallyport"}}]})");
}

TEST(Kubeconfig, OnlyHealthChecksAreForTheAnonymous) {
  EXPECT_EQ(authentication_configuration(),
            R"({"apiVersion":"apiserver.config.k8s.io/v1beta1","kind":"AuthenticationConfiguration",)"
            R"("anonymous":{"enabled":true,"conditions":[{"path":"/livez"},{"path":"/readyz"},{"path":"/healthz"}]}})");
}

}  // namespace
}  // namespace sallyport::provider
