#include "policy/hosted_zones.h"

#include "control/test_world.h"
#include "policy/resolve.h"

namespace sallyport::control {
namespace {

using namespace test;
using base::ErrorKind;
using model::ClusterName;
using model::UpdateStatus;
using policy::ResolveStatus;
using policy::Vantage;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;

const ClusterName kName("c");
constexpr const char* kLegacyTag = "sallyport.dev/public-resolves-private";

UpdateAccessRequest access(std::optional<bool> publicly, std::optional<bool> privately) {
  UpdateAccessRequest request;
  request.endpoint_public_access = publicly;
  request.endpoint_private_access = privately;
  return request;
}

class HostedZoneOfCluster : public testing::Test {
 protected:
  HostedZoneOfCluster() { world_.start(); }

  model::Cluster created(bool privately) {
    auto request = world_.create_request("c");
    request.endpoint_private_access = privately;
    EXPECT_TRUE(world_.control().create_cluster(request, caller()));
    return world_.active("c");
  }
  UpdateStatus updated(std::optional<bool> publicly, std::optional<bool> privately) {
    const auto update = world_.update("c", access(publicly, privately));
    if (!update) throw std::runtime_error(update.error().message);
    const auto status = world_.finished(*update).status;
    world_.active("c");
    return status;
  }
  std::optional<model::HostedZone> zone() { return world_.control().describe_cluster(kName)->hosted_zone; }
  policy::Answer answer(const Vantage& vantage) {
    const auto snapshot = world_.control().snapshot();
    const auto* cluster = snapshot->find_cluster(kName);
    return policy::resolve(*snapshot, model::endpoint_host(cluster->endpoint_id, snapshot->region, snapshot->zone),
                           vantage);
  }

  World world_;
};

TEST_F(HostedZoneOfCluster, IsMadeWithPrivateAccess) {
  const auto cluster = created(true);
  ASSERT_TRUE(cluster.hosted_zone);
  EXPECT_THAT(cluster.hosted_zone->id.str(), MatchesRegex("Z[0-9A-Z]{20}"));
  EXPECT_EQ(cluster.hosted_zone->vpc, cluster.vpc_config.vpc);
  const auto state = policy::zone_state(*world_.control().snapshot(), cluster);
  ASSERT_TRUE(state);
  EXPECT_TRUE(state->serving) << state->obstacle;
  EXPECT_EQ(state->records.front().to_string(), "172.31.0.10");
}

TEST_F(HostedZoneOfCluster, ComesAndGoesWithPrivateAccess) {
  EXPECT_FALSE(created(false).hosted_zone);
  ASSERT_EQ(updated(true, true), UpdateStatus::kSuccessful);
  const auto first = zone();
  ASSERT_TRUE(first);
  // The same zone as long as private access is on, also over a restart.
  ASSERT_EQ(updated(false, std::nullopt), UpdateStatus::kSuccessful);
  EXPECT_EQ(zone(), first);
  world_.restart();
  EXPECT_EQ(zone(), first);
  ASSERT_EQ(updated(true, false), UpdateStatus::kSuccessful);
  EXPECT_FALSE(zone());
  // And another when it is on again.
  ASSERT_EQ(updated(std::nullopt, true), UpdateStatus::kSuccessful);
  ASSERT_TRUE(zone());
  EXPECT_NE(zone()->id, first->id);
}

TEST_F(HostedZoneOfCluster, AFailedUpdateLeavesItAsItWas) {
  const auto refuse_zone = [](bool wanted) {
    return [wanted](const model::Snapshot& snapshot) -> std::optional<base::Error> {
      const auto* cluster = snapshot.find_cluster(kName);
      if (cluster == nullptr || cluster->hosted_zone.has_value() != wanted) return std::nullopt;
      return base::Error{ErrorKind::kInternal, "cannot enforce", ""};
    };
  };
  created(false);
  world_.gateway().judge(refuse_zone(true));
  EXPECT_EQ(updated(std::nullopt, true), UpdateStatus::kFailed);
  EXPECT_FALSE(zone());
  world_.gateway().judge(nullptr);
  ASSERT_EQ(updated(std::nullopt, true), UpdateStatus::kSuccessful);
  const auto before = zone();
  ASSERT_TRUE(before);

  world_.gateway().judge(refuse_zone(false));
  EXPECT_EQ(updated(std::nullopt, false), UpdateStatus::kFailed);
  EXPECT_EQ(zone(), before) << "the zone of before, not a new one";
  world_.gateway().judge(nullptr);
}

class LegacyCluster : public HostedZoneOfCluster {
 protected:
  LegacyCluster() {
    auto request = world_.create_request("c");
    request.endpoint_public_access = false;
    request.endpoint_private_access = true;
    request.tags[kLegacyTag] = "false";
    EXPECT_TRUE(world_.control().create_cluster(request, caller()));
    EXPECT_FALSE(world_.active("c").public_resolves_private);
  }
  ResolveStatus outside() { return answer(Vantage::at_public()).status; }
  bool is_legacy() { return !world_.control().describe_cluster(kName)->public_resolves_private; }
};

TEST_F(LegacyCluster, IsUnknownOutsideItsVpc) {
  EXPECT_EQ(outside(), ResolveStatus::kNameError);
  const auto inside = answer(Vantage::in_vpc(world_.active("c").vpc_config.vpc));
  EXPECT_EQ(inside.status, ResolveStatus::kAnswer);
}

TEST_F(LegacyCluster, IsCuredByEnablingPublicAndDisablingItAgain) {
  ASSERT_EQ(updated(true, std::nullopt), UpdateStatus::kSuccessful);
  EXPECT_EQ(outside(), ResolveStatus::kAnswer);
  EXPECT_TRUE(is_legacy()) << "enabling alone cures nothing";
  ASSERT_EQ(updated(false, std::nullopt), UpdateStatus::kSuccessful);
  EXPECT_FALSE(is_legacy());
  EXPECT_EQ(outside(), ResolveStatus::kAnswer);
  EXPECT_EQ(answer(Vantage::at_public()).addresses.front().to_string(), "172.31.0.10");

  // For good: over a restart and the next round.
  world_.restart();
  EXPECT_FALSE(is_legacy());
  ASSERT_EQ(updated(true, std::nullopt), UpdateStatus::kSuccessful);
  ASSERT_EQ(updated(false, std::nullopt), UpdateStatus::kSuccessful);
  EXPECT_EQ(outside(), ResolveStatus::kAnswer);
}

TEST_F(LegacyCluster, StaysOneWhenDisablingPublicFails) {
  ASSERT_EQ(updated(true, std::nullopt), UpdateStatus::kSuccessful);
  world_.dns().judge([](const model::Snapshot& snapshot) -> std::optional<base::Error> {
    if (snapshot.find_cluster(kName)->access.public_access) return std::nullopt;
    return base::Error{ErrorKind::kInternal, "cannot enforce", ""};
  });
  EXPECT_EQ(updated(false, std::nullopt), UpdateStatus::kFailed);
  EXPECT_TRUE(is_legacy()) << "public access was never disabled";
  world_.dns().judge(nullptr);
  ASSERT_EQ(updated(false, std::nullopt), UpdateStatus::kSuccessful);
  EXPECT_FALSE(is_legacy());
}

TEST_F(HostedZoneOfCluster, TheLegacyTagTakesTrueOrFalse) {
  auto request = world_.create_request("c");
  request.tags[kLegacyTag] = "no";
  const auto refused = world_.control().create_cluster(request, caller());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind, ErrorKind::kInvalidParameter);
  EXPECT_THAT(refused.error().message, HasSubstr("set it to true or false"));
  request.tags[kLegacyTag] = "true";
  ASSERT_TRUE(world_.control().create_cluster(request, caller()));
  EXPECT_TRUE(world_.active("c").public_resolves_private);
  // A tag set later says nothing of what the cluster is.
  ASSERT_TRUE(world_.control().tag_cluster(kName, {{kLegacyTag, "false"}}, caller()));
  EXPECT_TRUE(world_.active("c").public_resolves_private);
}

}  // namespace
}  // namespace sallyport::control
