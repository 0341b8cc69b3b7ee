#include "app/switch_order.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <new>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace sallyport::app {
namespace {

using namespace std::chrono_literals;
using model::Acknowledgement;
using model::Revision;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

model::SnapshotPtr at(std::uint64_t revision) {
  auto snapshot = std::make_shared<model::Snapshot>();
  snapshot->revision = Revision(revision);
  return snapshot;
}

// A gateway and a DNS server that note what they are given and acknowledge when told.
class SwitchOrderTest : public ::testing::Test {
 protected:
  struct Given {
    model::SnapshotPtr snapshot;
    model::AcknowledgeFn acknowledge;
  };

  void publish(std::uint64_t revision) {
    const auto snapshot = at(revision);
    order.apply_to_gateway(snapshot, note("gateway"));
    order.apply_to_dns(snapshot, note("dns"));
  }
  model::AcknowledgeFn note(const std::string& who) {
    return [this, who](const Acknowledgement& ack) {
      said.push_back(who + (ack.error ? " failed " : " ") + std::to_string(ack.revision.value()));
      for (const auto& [cluster, count] : ack.connections_cut)
        cut += count;
    };
  }
  static void acknowledge(Given& given, std::uint64_t cuts = 0) {
    Acknowledgement ack{.revision = given.snapshot->revision, .connections_cut = {}, .error = {}};
    if (cuts > 0) ack.connections_cut[model::ClusterName("prod")] = cuts;
    std::exchange(given.acknowledge, nullptr)(ack);
  }
  static std::vector<std::uint64_t> revisions(const std::vector<Given>& given) {
    std::vector<std::uint64_t> result;
    for (const Given& one : given)
      result.push_back(one.snapshot->revision.value());
    return result;
  }

  std::vector<Given> gateway;
  std::vector<Given> dns;
  std::vector<std::string> said;
  std::uint64_t cut = 0;
  bool dns_answers = true;
  std::function<void()> after_handing_to_dns;
  std::thread later;
  SwitchOrder order{[this](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                      gateway.push_back({std::move(snapshot), std::move(done)});
                    },
                    [this](model::SnapshotPtr snapshot, model::AcknowledgeFn done) {
                      dns.push_back({std::move(snapshot), std::move(done)});
                      if (dns_answers) acknowledge(dns.back());
                      if (after_handing_to_dns) after_handing_to_dns();
                    }};
};

TEST_F(SwitchOrderTest, DnsAnswersOnceTheGatewayIsOpenAndTheGatewayClosesOnceItDoes) {
  publish(1);
  EXPECT_THAT(revisions(gateway), ElementsAre(1));
  EXPECT_THAT(dns, IsEmpty());
  EXPECT_TRUE(order.opened(10s));
  EXPECT_THAT(revisions(dns), ElementsAre(1));
  acknowledge(gateway[0]);
  EXPECT_THAT(said, ElementsAre("dns 1", "gateway 1"));
}

TEST_F(SwitchOrderTest, AGatewayWaitsForSlowNamesAndNotForEver) {
  dns_answers = false;
  publish(1);
  EXPECT_FALSE(order.opened(1ms));
  acknowledge(gateway[0]);
  EXPECT_THAT(said, ElementsAre("gateway 1"));
  after_handing_to_dns = [this] {
    later = std::thread([given = &dns.back()] {
      std::this_thread::sleep_for(20ms);
      acknowledge(*given);
    });
  };
  publish(2);
  const bool in_time = order.opened(10s);
  later.join();
  EXPECT_TRUE(in_time);
}

TEST_F(SwitchOrderTest, NamesThatCannotTurnHoldNothingUp) {
  dns_answers = false;
  after_handing_to_dns = [this] {
    dns.back().acknowledge({Revision(1), {}, base::Error{base::ErrorKind::kInternal, "broken", {}}});
  };
  publish(1);
  EXPECT_TRUE(order.opened(10s));
  EXPECT_THAT(said, ElementsAre("dns failed 1"));
}

TEST_F(SwitchOrderTest, WhatIsOvertakenIsLeftOutAndAcknowledgedWithTheNewest) {
  publish(1);
  publish(2);
  publish(3);
  EXPECT_THAT(revisions(gateway), ElementsAre(1));
  order.opened(10s);
  acknowledge(gateway[0], 2);
  EXPECT_THAT(revisions(gateway), ElementsAre(1, 3));
  order.opened(10s);
  acknowledge(gateway[1], 5);
  EXPECT_THAT(revisions(dns), ElementsAre(1, 3));
  EXPECT_THAT(said, ElementsAre("dns 1", "gateway 1", "dns 3", "dns 3", "gateway 3", "gateway 3"));
  EXPECT_EQ(cut, 7U);
}

TEST_F(SwitchOrderTest, ASnapshotGivenToOneOnlyWaitsForTheOther) {
  order.apply_to_gateway(at(1), note("gateway"));
  EXPECT_THAT(gateway, IsEmpty());
  order.apply_to_dns(at(1), note("dns"));
  EXPECT_THAT(revisions(gateway), ElementsAre(1));
}

TEST_F(SwitchOrderTest, AGatewayThatFailsUnopenedLeavesDnsWhereItWas) {
  publish(1);
  publish(2);
  gateway[0].acknowledge({Revision(1), {}, base::Error{base::ErrorKind::kUnavailable, "stopping", {}}});
  EXPECT_THAT(said, ElementsAre("gateway failed 1", "dns failed 1"));
  EXPECT_THAT(dns, IsEmpty());
  EXPECT_THAT(revisions(gateway), ElementsAre(1, 2));
}

TEST_F(SwitchOrderTest, ANodeThatThrowsHasFailedAndGetsTheNextSnapshot) {
  bool broken = true;
  const auto node = [&](const model::SnapshotPtr& snapshot, const model::AcknowledgeFn& done) {
    if (broken) throw std::bad_alloc();
    done({snapshot->revision, {}, {}});
  };
  SwitchOrder fragile(node, node);
  fragile.apply_to_gateway(at(1), note("gateway"));
  fragile.apply_to_dns(at(1), note("dns"));
  EXPECT_THAT(said, ElementsAre("gateway failed 1", "dns failed 1"));
  broken = false;
  fragile.apply_to_gateway(at(2), note("gateway"));
  fragile.apply_to_dns(at(2), note("dns"));
  EXPECT_THAT(said, ElementsAre("gateway failed 1", "dns failed 1", "gateway 2", "dns 2"));
}

TEST_F(SwitchOrderTest, NamesThatThrowHoldNothingUp) {
  after_handing_to_dns = [] { throw std::bad_alloc(); };
  dns_answers = false;
  publish(1);
  EXPECT_TRUE(order.opened(10s));
  EXPECT_THAT(said, ElementsAre("dns failed 1"));
}

}  // namespace
}  // namespace sallyport::app
