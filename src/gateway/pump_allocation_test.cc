#include <cstdlib>
#include <new>

#include "gateway/test_pump.h"

namespace {
// Of the thread that asks: the peers of other tests have threads of their own.
thread_local std::size_t allocations = 0;
}  // namespace

// NOLINTBEGIN(misc-new-delete-overloads): the sanitizers' own deletes fit malloc
void* operator new(std::size_t size) {
  ++allocations;
  void* memory = std::malloc(size == 0 ? 1 : size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new[](std::size_t size, const std::nothrow_t& tag) noexcept { return operator new(size, tag); }
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
// NOLINTEND(misc-new-delete-overloads)

namespace sallyport::gateway::test {
namespace {

using PumpAllocation = Pump;

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

}  // namespace
}  // namespace sallyport::gateway::test
