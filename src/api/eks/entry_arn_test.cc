#include "api/eks/entry_arn.h"

#include <gtest/gtest.h>

#include <memory>

namespace sallyport::api::eks {
namespace {

const model::AccountId kAccount("000000000000");
const model::Region kRegion("us-east-1");
const std::string kPrefix = "arn:aws:eks:us-east-1:000000000000:access-entry/";

model::AccessEntry entry(const std::string& principal, const std::string& uuid) {
  model::AccessEntry made;
  made.cluster = model::ClusterName("demo");
  made.principal = model::Arn(principal);
  made.id = model::access_entry_id(made.cluster, made.principal);
  made.uuid = uuid;
  return made;
}

TEST(EntryArn, IsMadeOfClusterPrincipalAndUuid) {
  for (const auto& [principal, rest] : std::vector<std::pair<std::string, std::string>>{
           {"arn:aws:iam::000000000000:root", "demo/root/000000000000/root/u-1"},
           {"arn:aws:iam::000000000000:user/ann", "demo/user/000000000000/ann/u-1"},
           {"arn:aws:iam::000000000000:role/a/b/dev", "demo/role/000000000000/dev/u-1"},
       }) {
    EXPECT_EQ(access_entry_arn(entry(principal, "u-1"), kAccount, kRegion).str(), kPrefix + rest);
  }
  EXPECT_EQ(missing_entry_arn("demo", "arn:aws:iam::000000000000:user/ann", kAccount, kRegion).str(),
            kPrefix + "demo/user/000000000000/ann/*");
  for (const char* nonsense : {"", ":", "/", "x", "arn:aws:iam::000000000000:"})
    EXPECT_TRUE(missing_entry_arn("demo", nonsense, kAccount, kRegion).str().starts_with(kPrefix + "demo/"));
}

TEST(EntryArn, FindsTheEntryAndNoOther) {
  model::IdentityObjects identities;
  for (const auto& one :
       {entry("arn:aws:iam::000000000000:user/ann", "u-1"), entry("arn:aws:iam::000000000000:role/ann", "u-2")}) {
    std::get<model::Table<model::AccessEntry>>(identities)[one.id] = std::make_shared<const model::AccessEntry>(one);
  }
  const auto find = [&](const std::string& rest) { return find_entry_by_arn(identities, rest, kAccount, kRegion); };
  ASSERT_NE(find(kPrefix + "demo/user/000000000000/ann/u-1"), nullptr);
  EXPECT_EQ(find(kPrefix + "demo/user/000000000000/ann/u-1")->uuid, "u-1");
  for (const std::string& other :
       {kPrefix + "demo/user/000000000000/ann/u-2", kPrefix + "demo/user/000000000000/ann/*",
        kPrefix + "demo/user/000000000000/ann", kPrefix + "demo", kPrefix, std::string(),
        kPrefix + "other/user/000000000000/ann/u-1",
        std::string("arn:aws:eks:us-west-2:000000000000:access-entry/demo/user/000000000000/ann/u-1"),
        std::string("arn:aws:eks:us-east-1:111111111111:access-entry/demo/user/000000000000/ann/u-1")}) {
    EXPECT_EQ(find(other), nullptr) << other;
  }
}

TEST(EntryArn, NamesItsCluster) {
  EXPECT_EQ(cluster_of_entry_arn(kPrefix + "demo/user/000000000000/ann/u-1", kAccount, kRegion),
            model::ClusterName("demo"));
  for (const char* other :
       {"arn:aws:eks:us-east-1:000000000000:cluster/demo", "arn:aws:eks:us-east-1:000000000000:access-entry/", "",
        "arn:aws:eks:us-east-1:000000000000:access-entry/-/user/000000000000/ann/u-1"}) {
    EXPECT_EQ(cluster_of_entry_arn(other, kAccount, kRegion), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace sallyport::api::eks
