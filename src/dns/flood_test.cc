#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <random>
#include <string>
#include <thread>

#include "base/bytes.h"
#include "dns/test_client.h"
#include "dns/test_world.h"

// One source asks for names there are not as fast as it can, and takes no answer; others must be served meanwhile.
namespace sallyport::dns {
namespace {

using namespace std::chrono_literals;
using test::cluster;
using test::kHost;

constexpr std::size_t kMostFlooded = 2'000'000;  // ends a flood whose test hangs
constexpr int kTries = 50;                       // as a resolver would, each from a port of its own
constexpr base::Millis kTryTime = 500ms;

class Flood {
 public:
  explicit Flood(const base::SocketAddress& server) : client_(server), thread_([this] { run(); }) {}
  ~Flood() {
    stopping_ = true;
    thread_.join();
  }
  void wait_for(std::size_t count) const {
    while (sent_ < count)
      std::this_thread::yield();
  }

 private:
  void run() {
    std::mt19937_64 random(20);
    test::Bytes query = wire::encode_dns_query(
        test::query_for("00000000000000000000000000000000.gr1.us-east-1.eks.sallyport.internal"));
    for (; !stopping_ && sent_ < kMostFlooded; ++sent_) {
      const std::uint64_t number = random();
      const std::string digits = base::to_hex({reinterpret_cast<const std::uint8_t*>(&number), sizeof number});
      std::ranges::copy(digits, query.begin() + 13);
      client_.send(query);
    }
  }

  test::UdpClient client_;
  std::atomic<bool> stopping_{false};
  std::atomic<std::size_t> sent_{0};
  std::thread thread_;
};

std::optional<test::Seen> ask_patiently(const base::SocketAddress& server) {
  const auto query = wire::encode_dns_query(test::query_for(kHost));
  for (int i = 0; i < kTries; ++i) {
    if (auto seen = test::UdpClient(server, kTryTime).ask(query)) return seen;
  }
  return std::nullopt;
}

TEST(DnsFlood, OthersAreAnsweredAndSnapshotsArrive) {
  DnsConfig config;
  config.public_listeners = {{test::ip("127.0.0.1"), 0}};
  config.resolvers = {{{test::ip(test::kHomeResolver), 0}, {}}};
  const auto server = test::start_somewhere(config);
  ASSERT_TRUE(server);
  const auto open = config.public_listeners[0];
  const auto home = config.resolvers[0].bind;
  ASSERT_FALSE(test::apply(*server, test::world(cluster(true, true))).error);

  Flood flood(open);
  flood.wait_for(1'000);
  for (int turn = 0; turn < 3; ++turn) {
    const bool private_only = turn % 2 == 0;
    ASSERT_FALSE(test::apply(*server, test::world(cluster(!private_only, true))).error) << "acknowledged";
    const std::string address(private_only ? test::kPrivate4 : test::kPublic4);
    const auto here = ask_patiently(open);
    ASSERT_TRUE(here);
    EXPECT_EQ(here->answers, std::vector{std::string(kHost) + ". 60 IN A " + address});
    const auto there = ask_patiently(home);
    ASSERT_TRUE(there) << "another address of the same workers";
    EXPECT_EQ(there->answers, std::vector{std::string(kHost) + ". 60 IN A " + std::string(test::kPrivate4)});
    const auto stream = test::TcpClient(open).ask(wire::encode_dns_query(test::query_for(kHost)));
    ASSERT_TRUE(stream);
    EXPECT_EQ(stream->answers, here->answers);
  }
  EXPECT_GT(server->stats().rcodes.at("NXDOMAIN"), 0U);
}

}  // namespace
}  // namespace sallyport::dns
