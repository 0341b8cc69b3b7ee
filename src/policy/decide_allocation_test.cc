#include <gtest/gtest.h>

#include "base/test_allocations.h"
#include "policy/decide.h"
#include "policy/test_world.h"

namespace sallyport::policy {
namespace {

using base::test::allocations;

TEST(Decide, DoesNotAllocate) {
  const model::Snapshot snapshot = test::world();
  model::Cluster cluster = test::cluster();
  cluster.access.private_access = true;
  const Arrival arrivals[] = {Arrival::at_public(), Arrival::at_private(test::kHome),
                              Arrival::at_private(test::kOther)};
  const base::IpAddress sources[] = {test::ip("203.0.113.7"), test::ip("192.0.2.1"), test::ip("10.0.1.5"),
                                     test::ip("10.0.3.7"), test::ip("2001:db8:1::1")};
  std::size_t allowed = 0;
  const std::size_t before = allocations;
  for (const Arrival& arrival : arrivals) {
    for (const base::IpAddress& source : sources) {
      allowed += decide(snapshot, cluster, arrival, source).allow ? 1 : 0;
    }
  }
  EXPECT_EQ(allocations - before, 0U);
  EXPECT_EQ(allowed, 4U);

  const std::size_t before_naming = allocations;
  EXPECT_TRUE(decide_with_rule(snapshot, cluster, arrivals[1], sources[2]).allow);
  EXPECT_GT(allocations - before_naming, 0U) << "the counter counts";
}

}  // namespace
}  // namespace sallyport::policy
