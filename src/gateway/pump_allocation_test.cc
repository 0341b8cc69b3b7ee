#include "base/test_allocations.h"
#include "gateway/test_pump.h"
#include "gateway/traffic_table.h"

namespace sallyport::gateway::test {
namespace {

using PumpAllocation = Pump;
using base::test::allocations;

TEST_F(PumpAllocation, ASteadyRelayAllocatesNothing) {
  Buffers buffers(4);
  const Bytes request(200, 'q');
  const Bytes reply(1'024, 'r');
  Bytes received(2'000);
  std::size_t before = 0;
  for (int i = 0; i < 1'000; ++i) {
    if (i == 10) before = allocations;
    ASSERT_TRUE(send_all(client.get(), request));
    ASSERT_EQ(move(Watched::Kind::kClient, buffers), RelayState::kOpen);
    ASSERT_EQ(::recv(server.get(), received.data(), request.size(), MSG_WAITALL), 200);
    ASSERT_TRUE(send_all(server.get(), reply));
    ASSERT_EQ(move(Watched::Kind::kUpstream, buffers), RelayState::kOpen);
    ASSERT_EQ(::recv(client.get(), received.data(), reply.size(), MSG_WAITALL), 1'024);
  }
  // send_all takes its bytes by reference: what is counted is the relay's.
  EXPECT_EQ(allocations, before);
  EXPECT_EQ(connection.to_upstream.bytes, 200'000U);
  EXPECT_EQ(connection.to_client.bytes, 1'024'000U);
}

TEST(TrafficAllocation, CountingAllocatesNothing) {
  Counters counters;
  TrafficTable table(1, counters, {});
  model::Cluster cluster;
  cluster.name = model::ClusterName("a name too long to be kept within the string");
  const auto count = [&](std::uint32_t source) {
    table.allowed(cluster, base::IpAddress::v4(source), false, {});
    table.denied(cluster, base::IpAddress::v4(source), false, Refusal::kNoPublicCidrMatch, {});
    table.unnamed(0, base::IpAddress::v4(source), false, {});
  };
  count(0);
  const std::size_t before = allocations;
  for (std::uint32_t i = 0; i < 1'000; ++i)
    count(i);
  EXPECT_EQ(allocations, before);
}

}  // namespace
}  // namespace sallyport::gateway::test
