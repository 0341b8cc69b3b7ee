// The cost of one admission decision by the number of publicAccessCidrs: it should stay flat.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "policy/decide.h"

namespace sallyport {
namespace {

model::Snapshot world(std::size_t blocks) {
  std::vector<model::Cidr> cidrs;
  for (std::uint32_t i = 0; i < blocks; ++i) {
    cidrs.push_back(model::Cidr::of(base::IpAddress::v4(0x0a000000U + (i << 8)), 24));
  }
  model::Cluster cluster;
  cluster.name = model::ClusterName("bench");
  cluster.status = model::ClusterStatus::kActive;
  cluster.access.public_access_cidrs = model::CidrSet(std::move(cidrs));
  model::Snapshot snapshot;
  snapshot.put_cluster(std::move(cluster));
  return snapshot;
}

void decide(benchmark::State& state) {
  const auto blocks = static_cast<std::uint32_t>(state.range(0));
  const model::Snapshot snapshot = world(blocks);
  const model::Cluster& cluster = *snapshot.find_cluster(model::ClusterName("bench"));
  const policy::Arrival arrival = policy::Arrival::at_public();
  // Sources spread over every block, in an order the branch predictor cannot learn.
  std::uint32_t next = 1;
  for (auto _ : state) {
    next = next * 1664525U + 1013904223U;
    const base::IpAddress source = base::IpAddress::v4(0x0a000000U + (next >> 8) % (blocks << 8));
    benchmark::DoNotOptimize(policy::decide(snapshot, cluster, arrival, source).allow);
  }
}
BENCHMARK(decide)->Arg(1)->Arg(40)->Arg(2048);

}  // namespace
}  // namespace sallyport

BENCHMARK_MAIN();
