#include "model/snapshot.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace sallyport::model {
namespace {

constexpr const char* kFirstId = "0123456789ABCDEF0123456789ABCDEF";
constexpr const char* kSecondId = "FEDCBA9876543210FEDCBA9876543210";
constexpr const char* kFirstHost = "0123456789abcdef0123456789abcdef.gr1.us-east-1.eks.sallyport.internal";
constexpr const char* kSecondHost = "fedcba9876543210fedcba9876543210.gr1.us-east-1.eks.sallyport.internal";

Cluster cluster(const std::string& name, const char* endpoint) {
  Cluster made;
  made.name = ClusterName(name);
  made.endpoint_id = EndpointId(endpoint);
  return made;
}

class SnapshotTest : public testing::Test {
 protected:
  SnapshotTest() {
    snapshot_.region = Region("us-east-1");
    snapshot_.zone = "sallyport.internal";
  }
  Snapshot snapshot_;
};

TEST_F(SnapshotTest, FindsAClusterByNameAndByHost) {
  snapshot_.put_cluster(cluster("blue", kFirstId));
  snapshot_.put_cluster(cluster("green", kSecondId));
  ASSERT_NE(snapshot_.find_cluster(ClusterName("blue")), nullptr);
  EXPECT_EQ(snapshot_.find_host(kFirstHost), snapshot_.find_cluster(ClusterName("blue")));
  EXPECT_EQ(snapshot_.find_host(kSecondHost), snapshot_.find_cluster(ClusterName("green")));
  EXPECT_EQ(snapshot_.find_cluster(ClusterName("Blue")), nullptr) << "names have case";
}

TEST_F(SnapshotTest, HostsIgnoreCaseAndOneTrailingDot) {
  snapshot_.put_cluster(cluster("blue", kFirstId));
  const std::string host = kFirstHost;
  EXPECT_NE(snapshot_.find_host(host + "."), nullptr);
  EXPECT_NE(snapshot_.find_host("0123456789ABCDEF0123456789abcdef.GR1.Us-East-1.eks.SALLYPORT.internal"), nullptr);
  EXPECT_NE(snapshot_.find_host(endpoint_host(EndpointId(kFirstId), snapshot_.region, snapshot_.zone) + "."), nullptr);
  for (const std::string& other : {host + "..", "." + host, " " + host, host + std::string(1, '\0'), "x." + host,
                                   host.substr(1), std::string(), std::string("."), std::string("blue")}) {
    EXPECT_EQ(snapshot_.find_host(other), nullptr) << other;
  }
}

TEST_F(SnapshotTest, PutReplacesBothKeys) {
  snapshot_.put_cluster(cluster("blue", kFirstId));
  snapshot_.put_cluster(cluster("blue", kSecondId));
  EXPECT_EQ(snapshot_.find_host(kFirstHost), nullptr) << "the old endpoint is gone";
  EXPECT_EQ(snapshot_.find_host(kSecondHost), snapshot_.find_cluster(ClusterName("blue")));
  EXPECT_EQ(snapshot_.clusters.size(), 1U);
  EXPECT_EQ(snapshot_.by_host.size(), 1U);
}

TEST_F(SnapshotTest, EraseRemovesBothKeys) {
  snapshot_.put_cluster(cluster("blue", kFirstId));
  snapshot_.put_cluster(cluster("green", kSecondId));
  snapshot_.erase_cluster(ClusterName("red"));
  EXPECT_EQ(snapshot_.clusters.size(), 2U);
  // The name of the very object that goes.
  snapshot_.erase_cluster(snapshot_.find_cluster(ClusterName("blue"))->name);
  EXPECT_EQ(snapshot_.find_cluster(ClusterName("blue")), nullptr);
  EXPECT_EQ(snapshot_.find_host(kFirstHost), nullptr);
  EXPECT_NE(snapshot_.find_host(kSecondHost), nullptr);
}

TEST_F(SnapshotTest, ACopySharesWhatDidNotChange) {
  snapshot_.put_cluster(cluster("blue", kFirstId));
  snapshot_.put_cluster(cluster("green", kSecondId));
  Snapshot next = snapshot_;
  Cluster changed = *next.find_cluster(ClusterName("blue"));
  changed.version = "1.35";
  next.put_cluster(changed);
  EXPECT_EQ(snapshot_.find_host(kFirstHost)->version, "");
  EXPECT_EQ(next.find_host(kFirstHost)->version, "1.35");
  EXPECT_EQ(next.find_host(kSecondHost), snapshot_.find_host(kSecondHost));
}

TEST_F(SnapshotTest, FindsTheRestById) {
  snapshot_.vpcs[VpcId("vpc-1")] = std::make_shared<Vpc>();
  snapshot_.subnets[SubnetId("subnet-1")] = std::make_shared<Subnet>();
  snapshot_.security_groups[SecurityGroupId("sg-1")] = std::make_shared<SecurityGroup>();
  snapshot_.pools[PoolName("prod")] = std::make_shared<Pool>();
  EXPECT_NE(snapshot_.find_vpc(VpcId("vpc-1")), nullptr);
  EXPECT_NE(snapshot_.find_subnet(SubnetId("subnet-1")), nullptr);
  EXPECT_NE(snapshot_.find_security_group(SecurityGroupId("sg-1")), nullptr);
  EXPECT_NE(snapshot_.find_pool(PoolName("prod")), nullptr);
  EXPECT_EQ(snapshot_.find_vpc(VpcId("vpc-2")), nullptr);
  EXPECT_EQ(snapshot_.find_subnet(SubnetId("subnet-2")), nullptr);
  EXPECT_EQ(snapshot_.find_security_group(SecurityGroupId("sg-2")), nullptr);
  EXPECT_EQ(snapshot_.find_pool(PoolName("dev")), nullptr);
}

}  // namespace
}  // namespace sallyport::model
