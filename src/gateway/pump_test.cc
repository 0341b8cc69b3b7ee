#include "gateway/test_pump.h"

namespace sallyport::gateway::test {
namespace {

// With and without a block to keep what the receiver does not take.
class Backpressure : public Pump, public ::testing::WithParamInterface<std::size_t> {};

TEST_P(Backpressure, NothingIsLostWhoeverIsSlow) {
  Buffers buffers(GetParam());
  const std::size_t sent = stuff(client, Watched::Kind::kClient, buffers);
  EXPECT_FALSE(connection.upstream->writable);
  EXPECT_EQ(connection.to_upstream.pending.empty(), GetParam() == 0);
  ::shutdown(client.get(), SHUT_WR);
  connection.client.hung_up = true;

  std::size_t got = 0;
  Bytes part(64 * 1024);
  while (true) {
    const ssize_t size = ::recv(server.get(), part.data(), part.size(), MSG_DONTWAIT);
    if (size == 0) break;
    for (ssize_t i = 0; i < size; ++i)
      ASSERT_EQ(part[static_cast<std::size_t>(i)],
                static_cast<std::uint8_t>((got + static_cast<std::size_t>(i)) * 31 >> 3))
          << got;
    if (size > 0) got += static_cast<std::size_t>(size);
    connection.upstream->writable = true;
    ASSERT_NE(move(Watched::Kind::kClient, buffers), RelayState::kBroken);
  }
  EXPECT_EQ(got, sent);
  EXPECT_EQ(connection.to_upstream.bytes, sent);
  EXPECT_TRUE(connection.to_upstream.shut);
  EXPECT_TRUE(buffers.can_lend() || GetParam() == 0);
}

INSTANTIATE_TEST_SUITE_P(Blocks, Backpressure, ::testing::Values(0, 1, 4));

TEST_F(Pump, ALongSenderLetsOthersHaveTheirTurn) {
  Buffers buffers(4);
  const std::size_t sent = stuff(client, Watched::Kind::kClient, buffers);
  ASSERT_GT(sent, 8 * 64U * 1024U);
  RelayState state = RelayState::kOpen;
  Bytes part(512 * 1024);
  for (int i = 0; i < 1'000 && state != RelayState::kMore; ++i) {
    (void)::recv(server.get(), part.data(), part.size(), MSG_DONTWAIT);
    connection.upstream->writable = true;
    state = move(Watched::Kind::kClient, buffers);
  }
  EXPECT_EQ(state, RelayState::kMore);
  buffers.take_back(connection.to_upstream.pending);
}

TEST_F(Pump, AReceiverThatIsGoneBreaksTheRelay) {
  Buffers buffers(4);
  reset_on_close(server.get());
  server.reset();
  ASSERT_TRUE(send_all(client.get(), Bytes(10, 'x')));
  EXPECT_TRUE(eventually([&] { return move(Watched::Kind::kClient, buffers) == RelayState::kBroken; }));
}

}  // namespace
}  // namespace sallyport::gateway::test
