#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "dns/dns_server.h"
#include "dns/test_client.h"
#include "dns/test_world.h"

namespace sallyport::dns {
namespace {

using test::Bytes;
using test::kHost;

Bytes question() { return wire::encode_dns_query(test::query_for(kHost, wire::DnsType::kA)); }

// One server takes over the sockets of another, both in this process.
class DnsHandover : public testing::Test {
 protected:
  void SetUp() override {
    config_.public_listeners = {{test::ip("127.0.0.1"), 0}};
    predecessor_ = test::start_somewhere(config_);
    ASSERT_TRUE(predecessor_);
    EXPECT_FALSE(test::apply(*predecessor_, test::world(test::cluster(true, false))).error);
    base::NamedDescriptors handed;
    predecessor_->hand_over(handed);
    auto started = DnsServer::start(config_, &handed);
    ASSERT_TRUE(started) << started.error().message;
    successor_ = std::move(*started);
  }
  const base::SocketAddress& at() const { return config_.public_listeners[0]; }

  DnsConfig config_;
  std::unique_ptr<DnsServer> predecessor_;
  std::unique_ptr<DnsServer> successor_;
};

TEST_F(DnsHandover, OneOfThemReadsAtATimeAndNoQueryIsLost) {
  EXPECT_EQ(test::UdpClient(at()).ask(question())->rcode, "NOERROR");
  EXPECT_EQ(test::TcpClient(at()).ask(question())->rcode, "NOERROR");
  EXPECT_EQ(successor_->stats().queries_udp + successor_->stats().queries_tcp, 0U);
  predecessor_->release();
  const test::UdpClient waiting(at());
  waiting.send(question());
  const test::TcpClient waiting_too(at());
  ASSERT_TRUE(waiting_too.send(question()));
  EXPECT_FALSE(test::apply(*successor_, test::world(test::cluster(true, false))).error);
  EXPECT_EQ(successor_->stats().queries_udp + successor_->stats().queries_tcp, 0U);
  successor_->begin();
  EXPECT_TRUE(waiting.receive());
  EXPECT_TRUE(waiting_too.receive());
  EXPECT_EQ(predecessor_->stats().queries_udp, 1U);
  predecessor_.reset();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(test::UdpClient(at()).ask(question())->rcode, "NOERROR");
    EXPECT_EQ(test::TcpClient(at()).ask(question())->rcode, "NOERROR");
  }
}

TEST_F(DnsHandover, AConnectionThatIsOpenGetsNoAnswerByOldTruth) {
  const test::TcpClient before(at());
  EXPECT_EQ(before.ask(question())->rcode, "NOERROR");
  predecessor_->release();
  (void)before.send(question());
  EXPECT_FALSE(before.receive());
}

TEST_F(DnsHandover, APredecessorWhoseSuccessorDiesGoesOn) {
  successor_.reset();
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(test::UdpClient(at()).ask(question())->rcode, "NOERROR");
    EXPECT_EQ(test::TcpClient(at()).ask(question())->rcode, "NOERROR");
  }
}

}  // namespace
}  // namespace sallyport::dns
