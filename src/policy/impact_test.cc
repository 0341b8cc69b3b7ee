#include "policy/impact.h"

#include <gtest/gtest.h>

#include <vector>

#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using test::ip;
using test::kHome;
using test::kName;

model::EndpointAccess access(bool is_public, bool is_private, const std::vector<std::string>& blocks) {
  return {.public_access = is_public, .private_access = is_private, .public_access_cidrs = test::cidrs(blocks)};
}

const std::vector<LiveConnections> kLive = {{kName, ip("203.0.113.2"), std::nullopt, 3},
                                            {kName, ip("203.0.113.3"), std::nullopt, 2},
                                            {kName, ip("10.0.1.5"), kHome, 5},
                                            {model::ClusterName("another"), ip("203.0.113.3"), std::nullopt, 9}};

TEST(Impact, CutsExactlyWhatLosesPermission) {
  const Impact found = impact(test::world(), kName, access(true, true, {"203.0.113.2/32"}), kLive);
  EXPECT_EQ(found.cut, std::vector<LiveConnections>{kLive[1]});
  EXPECT_EQ(found.connections_cut, 2U);
  EXPECT_EQ(found.connections_kept, 8U);
}

TEST(Impact, TurningASideOffCutsThatSide) {
  const Impact without_public = impact(test::world(), kName, access(false, true, {"0.0.0.0/0"}), kLive);
  EXPECT_EQ(without_public.cut, (std::vector<LiveConnections>{kLive[0], kLive[1]}));
  const Impact without_private = impact(test::world(), kName, access(true, false, {"0.0.0.0/0"}), kLive);
  EXPECT_EQ(without_private.cut, std::vector<LiveConnections>{kLive[2]});
}

TEST(Impact, OpeningCutsNothing) {
  const Impact found = impact(test::world(), kName, access(true, true, {"0.0.0.0/0"}), kLive);
  EXPECT_TRUE(found.cut.empty());
  EXPECT_EQ(found.connections_kept, 10U);
}

TEST(Impact, LeavesTheSnapshotAlone) {
  const model::Snapshot snapshot = test::world();
  const model::Cluster before = *snapshot.find_cluster(kName);
  impact(snapshot, kName, access(true, false, {"192.0.2.1/32"}), kLive);
  EXPECT_EQ(*snapshot.find_cluster(kName), before);
}

TEST(Impact, AnUnknownClusterHasNone) {
  const Impact found = impact(test::world(), model::ClusterName("nope"), access(true, false, {}), kLive);
  EXPECT_TRUE(found.cut.empty());
  EXPECT_EQ(found.connections_kept, 0U);
}

}  // namespace
}  // namespace sallyport::policy
