#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "policy/decide.h"
#include "policy/test_world.h"

namespace {
std::atomic<std::size_t> allocations{0};
}

// The whole test program counts, so that nothing `decide` calls can hide.
void* operator new(std::size_t size) {
  ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace sallyport::policy {
namespace {

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
