#include "api/ec2/deleted_connections.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "base/limits.h"

namespace sallyport::api::ec2 {
namespace {

using namespace std::chrono_literals;

constexpr base::Time kNoon{std::chrono::seconds(1'764'000'000)};

model::VpnConnectionId id_of(std::size_t number) { return model::VpnConnectionId("vpn-" + std::to_string(number)); }

model::VpnConnection connection(std::size_t number) {
  model::VpnConnection one;
  one.id = id_of(number);
  return one;
}

TEST(DeletedConnections, AreRememberedForAnHour) {
  DeletedConnections deleted;
  EXPECT_EQ(deleted.find(id_of(1), kNoon), nullptr);
  deleted.remember(connection(1), kNoon);
  ASSERT_NE(deleted.find(id_of(1), kNoon + 1h), nullptr);
  EXPECT_EQ(deleted.find(id_of(1), kNoon + 1h)->id, id_of(1));
  EXPECT_EQ(deleted.find(id_of(1), kNoon + 1h + 1s), nullptr);
  EXPECT_EQ(deleted.find(id_of(2), kNoon), nullptr);
}

TEST(DeletedConnections, OneThatIsRememberedAgainCountsOnceAndFromThen) {
  DeletedConnections deleted;
  for (std::size_t i = 0; i < base::limits::kDeletedConnections; ++i)
    deleted.remember(connection(i), kNoon);
  deleted.remember(connection(0), kNoon + 30min);
  EXPECT_NE(deleted.find(id_of(1), kNoon), nullptr);
  EXPECT_NE(deleted.find(id_of(0), kNoon + 90min), nullptr);
}

TEST(DeletedConnections, TheOldestGoPastTheLimit) {
  DeletedConnections deleted;
  for (std::size_t i = 0; i <= base::limits::kDeletedConnections; ++i)
    deleted.remember(connection(i), kNoon);
  EXPECT_EQ(deleted.find(id_of(0), kNoon), nullptr);
  EXPECT_NE(deleted.find(id_of(1), kNoon), nullptr);
  EXPECT_NE(deleted.find(id_of(base::limits::kDeletedConnections), kNoon), nullptr);
}

}  // namespace
}  // namespace sallyport::api::ec2
