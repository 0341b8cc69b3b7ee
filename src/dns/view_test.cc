#include "dns/view.h"

#include <gtest/gtest.h>

#include "dns/test_world.h"

namespace sallyport::dns {
namespace {

model::SnapshotPtr shared(model::Snapshot snapshot) {
  return std::make_shared<const model::Snapshot>(std::move(snapshot));
}

DnsConfig config_with(std::string_view resolver, std::optional<model::VpcId> vpc = {}) {
  DnsConfig config;
  config.public_listeners = {{test::ip("127.0.0.1"), 53}};
  config.resolvers = {{{test::ip(resolver), 53}, std::move(vpc)}};
  return config;
}

TEST(View, AResolverBelongsToTheVpcThatContainsIt) {
  const auto served =
      make_served(config_with(test::kOtherResolver), shared(test::world(test::cluster(true, true)))).value();
  ASSERT_EQ(served.views.size(), 2U);
  EXPECT_TRUE(served.views[0]->vantage.vpc == std::nullopt);
  EXPECT_EQ(served.views[1]->vantage.vpc, test::kOther);
  EXPECT_FALSE(served.views[1]->forwards);
  EXPECT_TRUE(served.ambiguous.empty());
}

TEST(View, ANamedVpcComesFirst) {
  const auto served =
      make_served(config_with(test::kOtherResolver, test::kHome), shared(test::world(test::cluster(true, true))))
          .value();
  EXPECT_EQ(served.views[1]->vantage.vpc, test::kHome);
}

TEST(View, AResolverWithoutItsVpcHasNoView) {
  const auto snapshot = shared(test::world(test::cluster(true, true)));
  EXPECT_FALSE(make_served(config_with("127.9.0.2"), snapshot)->views[1]);
  EXPECT_FALSE(make_served(config_with(test::kHomeResolver, model::VpcId("vpc-gone")), snapshot)->views[1]);
}

TEST(View, TwoVpcsAroundAResolverAreAmbiguous) {
  auto snapshot = test::world(test::cluster(true, true));
  test::put(snapshot, test::vpc(model::VpcId("vpc-overlapping"), "127.1.0.0/24"));
  const auto served = make_served(config_with(test::kHomeResolver), shared(std::move(snapshot))).value();
  EXPECT_FALSE(served.views[1]);
  ASSERT_EQ(served.ambiguous.size(), 1U);
  EXPECT_EQ(served.ambiguous[0].to_string(), "127.1.0.2:53");
}

TEST(View, AZoneThatIsNoNameIsAnError) {
  auto snapshot = test::world(test::cluster(true, true));
  snapshot.zone = "not..a.zone";
  EXPECT_FALSE(make_served(config_with(test::kHomeResolver), shared(std::move(snapshot))));
}

}  // namespace
}  // namespace sallyport::dns
