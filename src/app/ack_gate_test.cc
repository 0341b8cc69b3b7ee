#include "app/ack_gate.h"

#include <gtest/gtest.h>

namespace sallyport::app {
namespace {

const model::ClusterName kProd("prod");

struct Heard {
  std::vector<model::Acknowledgement> all;
  model::AcknowledgeFn fn() {
    return [this](model::Acknowledgement given) { all.push_back(std::move(given)); };
  }
};

TEST(AckGate, HoldsEverythingUntilItOpensAndNothingAfter) {
  AckGate gate;
  Heard heard;
  gate.hold(0, heard.fn())({model::Revision(1), {}, {}});
  gate.hold(1, heard.fn())({model::Revision(1), {}, {}});
  EXPECT_TRUE(heard.all.empty());
  gate.open({});
  EXPECT_EQ(heard.all.size(), 2U);
  gate.hold(0, heard.fn())({model::Revision(2), {}, {}});
  ASSERT_EQ(heard.all.size(), 3U);
  EXPECT_EQ(heard.all.back().revision, model::Revision(2));
}

TEST(AckGate, KnowsWhatIsEnforcedWhileItHoldsIt) {
  AckGate gate;
  Heard heard;
  EXPECT_FALSE(gate.last(1));
  gate.hold(1, heard.fn())({model::Revision(4), {}, base::Error{}});
  ASSERT_TRUE(gate.last(1));
  EXPECT_EQ(gate.last(1)->revision, model::Revision(4));
  EXPECT_TRUE(gate.last(1)->error);
  EXPECT_FALSE(gate.last(0));
}

TEST(AckGate, CutsAreCountedOnceAndForTheGateway) {
  AckGate gate;
  Heard gateway;
  Heard dns;
  gate.hold(1, dns.fn())({model::Revision(1), {}, {}});
  gate.hold(0, gateway.fn())({model::Revision(1), {{kProd, 1}}, {}});
  gate.hold(0, gateway.fn())({model::Revision(2), {}, {}});
  gate.open({{kProd, 2}});
  EXPECT_TRUE(dns.all.at(0).connections_cut.empty());
  EXPECT_EQ(gateway.all.at(0).connections_cut.at(kProd), 3U);
  EXPECT_TRUE(gateway.all.at(1).connections_cut.empty());
}

}  // namespace
}  // namespace sallyport::app
