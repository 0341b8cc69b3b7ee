#include "gateway/syn_filter.h"

#include <bpf/bpf.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/limits.h"
#include "base/test_machine.h"
#include "gateway/test_bench.h"

namespace sallyport::gateway::test {
namespace {

struct Packet {
  std::string_view source;
  std::uint8_t flags = 0x02;  // SYN
};

// Ethernet, IP and TCP headers as the kernel's packet runner takes them.
Bytes frame(const Packet& packet) {
  const base::IpAddress source = ip(packet.source);
  const bool v4 = source.is_v4();
  Bytes out(12);
  out.insert(out.end(), {static_cast<std::uint8_t>(v4 ? 0x08 : 0x86), static_cast<std::uint8_t>(v4 ? 0x00 : 0xdd)});
  const std::size_t network = out.size();
  out.resize(network + (v4 ? 20 : 40) + 20);
  const auto& octets = source.octets();
  if (v4) {
    out[network] = 0x45;
    out[network + 3] = 40;
    out[network + 9] = 6;
    std::copy(octets.begin() + 12, octets.end(), out.begin() + static_cast<std::ptrdiff_t>(network) + 12);
  } else {
    out[network] = 0x60;
    out[network + 5] = 20;
    out[network + 6] = 6;
    std::copy(octets.begin(), octets.end(), out.begin() + static_cast<std::ptrdiff_t>(network) + 8);
  }
  const std::size_t tcp = network + (v4 ? 20 : 40);
  out[tcp + 12] = 0x50;
  out[tcp + 13] = packet.flags;
  return out;
}

bool must_load() { return base::test_machine_is_complete() && ::geteuid() == 0; }

class SynFilterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto loaded = SynFilter::load();
    if (!loaded && must_load()) FAIL() << loaded.error().message;
    if (!loaded) GTEST_SKIP() << loaded.error().message;
    filter = std::move(*loaded);
  }
  bool passes(const Packet& packet) {
    const Bytes bytes = frame(packet);
    bpf_test_run_opts options{};
    options.sz = sizeof(options);
    options.data_in = bytes.data();
    options.data_size_in = static_cast<std::uint32_t>(bytes.size());
    options.repeat = 1;
    EXPECT_EQ(bpf_prog_test_run_opts(filter->program(), &options), 0);
    return options.retval != 0;
  }
  void tighten(const std::vector<std::string_view>& blocks) {
    std::vector<model::Cidr> cidrs;
    for (const auto& block : blocks)
      cidrs.push_back(cidr(block));
    const auto done = filter->tighten(cidrs);
    ASSERT_TRUE(done) << done.error().message;
  }

  std::unique_ptr<SynFilter> filter;
};

TEST_F(SynFilterTest, DropsEverySynUntilSomeoneIsAdmitted) {
  EXPECT_FALSE(passes({.source = "192.0.2.1"}));
  EXPECT_FALSE(passes({.source = "2001:db8::1"}));
  EXPECT_EQ(filter->dropped(), 2U);
  EXPECT_FALSE(passes({.source = "2001:db8::1"}));
  const auto drops = filter->drops();
  ASSERT_EQ(drops.size(), 2U);
  EXPECT_TRUE(drops[0].source == ip("192.0.2.1") && drops[1].count == 2 && drops[1].last >= drops[0].last);
}

TEST_F(SynFilterTest, OnlyPureSynsAreLookedAt) {
  EXPECT_TRUE(passes({.source = "192.0.2.1", .flags = 0x12}));   // SYN, ACK
  EXPECT_TRUE(passes({.source = "192.0.2.1", .flags = 0x10}));   // ACK
  EXPECT_TRUE(passes({.source = "192.0.2.1", .flags = 0x04}));   // RST
  EXPECT_FALSE(passes({.source = "192.0.2.1", .flags = 0xc2}));  // SYN with ECN
  EXPECT_EQ(filter->dropped(), 1U);
}

TEST_F(SynFilterTest, AdmitsWhatABlockHolds) {
  tighten({"192.0.2.0/24", "2001:db8::/32", "198.51.100.7/32"});
  EXPECT_TRUE(passes({.source = "192.0.2.255"}));
  EXPECT_FALSE(passes({.source = "192.0.3.0"}));
  EXPECT_TRUE(passes({.source = "2001:db8:ffff::1"}));
  EXPECT_FALSE(passes({.source = "2001:db9::1"}));
  EXPECT_TRUE(passes({.source = "198.51.100.7"}));
  EXPECT_FALSE(passes({.source = "198.51.100.6"}));
}

TEST_F(SynFilterTest, ABlockOfOneFamilyAdmitsNobodyOfTheOther) {
  tighten({"::/0"});
  EXPECT_TRUE(passes({.source = "2001:db8::1"}));
  EXPECT_FALSE(passes({.source = "192.0.2.1"}));
  tighten({"0.0.0.0/0"});
  EXPECT_FALSE(passes({.source = "2001:db8::1"}));
  EXPECT_TRUE(passes({.source = "192.0.2.1"}));
  tighten({"::/0", "192.0.2.0/24"});
  EXPECT_TRUE(passes({.source = "192.0.2.1"}));
  EXPECT_FALSE(passes({.source = "192.0.3.1"}));
}

TEST_F(SynFilterTest, LooseningKeepsAndTighteningTakesAway) {
  tighten({"192.0.2.0/24"});
  ASSERT_TRUE(filter->loosen({cidr("198.51.100.0/24")}));
  EXPECT_TRUE(passes({.source = "192.0.2.1"}));
  EXPECT_TRUE(passes({.source = "198.51.100.1"}));
  tighten({"198.51.100.0/24"});
  EXPECT_FALSE(passes({.source = "192.0.2.1"}));
  EXPECT_TRUE(passes({.source = "198.51.100.1"}));
}

TEST_F(SynFilterTest, ABlockNamedTwiceStaysWhenItIsNamedOnce) {
  tighten({"192.0.2.0/24", "192.0.2.0/24"});
  tighten({"192.0.2.0/24"});
  EXPECT_TRUE(passes({.source = "192.0.2.1"}));
}

TEST_F(SynFilterTest, WithdrawingTakesAwayWhatItNames) {
  tighten({"192.0.2.0/24", "198.51.100.0/24", "0.0.0.0/0"});
  ASSERT_TRUE(filter->withdraw({cidr("192.0.2.0/24"), cidr("0.0.0.0/0"), cidr("203.0.113.0/24")}));
  EXPECT_FALSE(passes({.source = "192.0.2.1"}));
  EXPECT_TRUE(passes({.source = "198.51.100.1"}));
}

// Two sets that each fit, though not together.
TEST_F(SynFilterTest, OneCrowdTakesThePlaceOfAnother) {
  filter = SynFilter::load(6).value();
  tighten({"192.0.2.1/32", "192.0.2.2/32", "192.0.2.3/32", "192.0.2.4/32"});
  EXPECT_FALSE(filter->loosen({cidr("192.0.2.5/32"), cidr("192.0.2.6/32"), cidr("192.0.2.7/32")})) << "it is full";
  tighten({"198.51.100.1/32", "198.51.100.2/32", "198.51.100.3/32", "198.51.100.4/32"});
  EXPECT_TRUE(passes({.source = "198.51.100.1"}));
  EXPECT_TRUE(passes({.source = "198.51.100.4"}));
  EXPECT_FALSE(passes({.source = "198.51.100.5"}));
  EXPECT_FALSE(passes({.source = "192.0.2.1"}));
  EXPECT_FALSE(passes({.source = "2001:db8::1"}));
}

class KernelSide : public Bench {
 protected:
  void SetUp() override {
    const auto loaded = SynFilter::load();
    if (!loaded && must_load()) FAIL() << loaded.error().message;
    if (!loaded) GTEST_SKIP() << loaded.error().message;
    config.kernel_filter = true;
  }
  // A connection attempt that is not waited for.
  static base::Descriptor begin(std::string_view source, const base::SocketAddress& door) {
    base::Descriptor fd = tcp_socket();
    bind_to(fd.get(), {ip(source), 0});
    ::fcntl(fd.get(), F_SETFL, O_NONBLOCK);
    sockaddr_in name = native(door);
    EXPECT_EQ(::connect(fd.get(), reinterpret_cast<const sockaddr*>(&name), sizeof(name)), -1);
    EXPECT_EQ(errno, EINPROGRESS);
    return fd;
  }
};

TEST_F(KernelSide, SilenceForSourcesNobodyAdmits) {
  EchoServer server;
  use({server.address()});
  admit({"127.0.0.2/32"});
  start();
  ASSERT_TRUE(gateway->stats().kernel_filter_active);
  const base::Descriptor refused = begin("127.0.0.3", door());
  EXPECT_TRUE(eventually([&] { return gateway->stats().kernel_dropped_syns > 0; }));
  pollfd state{.fd = refused.get(), .events = POLLOUT, .revents = 0};
  EXPECT_EQ(::poll(&state, 1, 0), 0);
  EXPECT_EQ(gateway->stats().accepted, 0U);

  Client admitted("127.0.0.2", door());
  ASSERT_TRUE(admitted.handshake(kHost));
  // The next attempt of the refused one succeeds once it is admitted, and the filter is none of a relay's business.
  admit({"127.0.0.3/32", "127.0.0.2/32"});
  EXPECT_TRUE(apply().connections_cut.empty());
  EXPECT_TRUE(admitted.echoes("hello"));
  Client later("127.0.0.3", door());
  EXPECT_TRUE(later.handshake(kHost));
  const auto dropped = gateway->traffic(model::ClusterName("prod")).unnamed_sources.at(0);
  EXPECT_TRUE(dropped.by_kernel && dropped.source == ip("127.0.0.3") && dropped.allowed_now);
}

TEST_F(KernelSide, WhatJustClosedIsToldSoAndMeetsSilenceLater) {
  config.filter_linger = std::chrono::milliseconds(400);
  EchoServer server;
  use({server.address()});
  admit({"127.0.0.2/32", "127.0.0.3/32"});
  start();
  admit({"127.0.0.2/32"});
  apply();
  Client late("127.0.0.3", door());
  EXPECT_TRUE(late.connected());
  EXPECT_EQ(late.end(), End::kReset);
  EXPECT_EQ(gateway->stats().kernel_dropped_syns, 0U);
  // Another change meanwhile does not prolong it.
  admit({"127.0.0.2/32", "127.0.0.4/32"});
  apply();
  std::this_thread::sleep_for(std::chrono::milliseconds(600));
  const base::Descriptor later = begin("127.0.0.3", door());
  EXPECT_TRUE(eventually([&] { return gateway->stats().kernel_dropped_syns > 0; }));
  EXPECT_TRUE(Client("127.0.0.2", door()).handshake(kHost));
  EXPECT_TRUE(Client("127.0.0.4", door()).handshake(kHost));
}

TEST_F(KernelSide, OneOfVeryManyBlocksIsToldSoToo) {
  config.filter_linger = std::chrono::seconds(60);
  EchoServer server;
  use({server.address()});
  std::vector<std::string> many;
  for (std::size_t i = 0; i <= base::limits::kLingeringBlocks; ++i)
    many.push_back("10." + std::to_string(i >> 14) + "." + std::to_string((i >> 6) & 255) + "." +
                   std::to_string(i % 64 * 4) + "/32");
  std::vector<std::string_view> blocks(many.begin(), many.end());
  blocks.insert(blocks.end(), {"127.0.0.2/32", "127.0.0.3/32"});
  admit(blocks);
  start();
  blocks.pop_back();
  admit(blocks);
  apply();
  Client late("127.0.0.3", door());
  EXPECT_TRUE(late.connected());
  EXPECT_EQ(late.end(), End::kReset);
}

TEST_F(KernelSide, ASuccessorTakesOverTheMapsAndChangesThem) {
  config.filter_linger = std::chrono::milliseconds(0);
  EchoServer server;
  use({server.address()});
  admit({"127.0.0.2/32", "127.0.0.3/32"});
  start();
  base::NamedDescriptors handed;
  gateway->hand_over(handed);
  auto started = Gateway::start(config, &handed);
  ASSERT_TRUE(started) << started.error().message;
  EXPECT_TRUE((*started)->stats().kernel_filter_active);
  const auto predecessor = std::exchange(gateway, std::move(*started));
  // Nobody is shut out before the successor has a snapshot.
  EXPECT_TRUE(Client("127.0.0.2", door()).handshake(kHost));
  admit({"127.0.0.2/32", "127.0.0.4/32"});
  apply();
  gateway->begin(predecessor->release());
  const base::Descriptor refused = begin("127.0.0.3", door());
  EXPECT_TRUE(eventually([&] { return gateway->stats().kernel_dropped_syns > 0; }));
  EXPECT_TRUE(Client("127.0.0.2", door()).handshake(kHost));
  EXPECT_TRUE(Client("127.0.0.4", door()).handshake(kHost));
}

TEST_F(KernelSide, APredecessorWhoseSuccessorChangedTheMapsAndDiedSetsThemRight) {
  config.filter_linger = std::chrono::milliseconds(0);
  EchoServer server;
  use({server.address()});
  admit({"127.0.0.2/32"});
  start();
  base::NamedDescriptors handed;
  gateway->hand_over(handed);
  auto successor = Gateway::start(config, &handed);
  ASSERT_TRUE(successor) << successor.error().message;
  gateway.swap(*successor);
  admit({"127.0.0.3/32"});
  apply();
  gateway = std::move(*successor);
  gateway->take_back();
  admit({"127.0.0.2/32"});
  apply();
  EXPECT_TRUE(Client("127.0.0.2", door()).handshake(kHost));
  const base::Descriptor refused = begin("127.0.0.3", door());
  EXPECT_TRUE(eventually([&] { return gateway->stats().kernel_dropped_syns > 0; }));
}

TEST_F(KernelSide, SpeakersOfTheProxyProtocolAreLetThrough) {
  config.proxy_protocol_from = {cidr("127.0.0.9/32")};
  EchoServer server;
  use({server.address()});
  admit({"203.0.113.0/24", "127.0.0.9/32"});
  start();
  admit({"203.0.113.0/24"});
  apply();
  Client client("127.0.0.9", door());
  ASSERT_TRUE(client.connected());
  client.send(wire::encode_proxy_header({.source = at("203.0.113.7:1"), .destination = at("198.51.100.1:443")}));
  EXPECT_TRUE(client.handshake(kHost));
}

}  // namespace
}  // namespace sallyport::gateway::test
