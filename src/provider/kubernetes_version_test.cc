#include "provider/kubernetes_version.h"

#include <gtest/gtest.h>

namespace sallyport::provider {
namespace {

TEST(KubernetesVersion, ParsesMinorReleases) {
  EXPECT_EQ(KubernetesVersion::parse("1.34"), (KubernetesVersion{1, 34}));
  EXPECT_EQ(KubernetesVersion::parse("1.9")->to_string(), "1.9");
  for (const char* bad : {"", "1", "1.", ".34", "v1.34", "1.34.4", "1.34 ", "1.-3", "1.9999", "1.34/.."})
    EXPECT_FALSE(KubernetesVersion::parse(bad)) << bad;
}

TEST(KubernetesVersion, OrdersByNumbers) { EXPECT_LT((KubernetesVersion{1, 9}), (KubernetesVersion{1, 10})); }

TEST(KubernetesVersion, ReadsWhatABinarySays) {
  EXPECT_EQ(KubernetesVersion::of_binary("Kubernetes v1.34.4\n"), (KubernetesVersion{1, 34}));
  EXPECT_EQ(KubernetesVersion::of_binary("Kubernetes v1.33.0-eks-1a2b\n"), (KubernetesVersion{1, 33}));
  for (const char* bad : {"", "Kubernetes v1.34", "Kubernetes 1.34.4", "etcd Version: 3.4.23", "Kubernetes v1.x.4"})
    EXPECT_FALSE(KubernetesVersion::of_binary(bad)) << bad;
}

}  // namespace
}  // namespace sallyport::provider
