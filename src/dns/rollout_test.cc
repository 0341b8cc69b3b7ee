#include "dns/rollout.h"

#include <gtest/gtest.h>

#include <vector>

namespace sallyport::dns {
namespace {

TEST(Rollout, AcknowledgesOnceWithTheLastWorker) {
  std::vector<model::Acknowledgement> got;
  {
    Rollout rollout(model::Revision(3), 3, [&](model::Acknowledgement ack) { got.push_back(std::move(ack)); });
    rollout.arrived();
    rollout.arrived();
    EXPECT_TRUE(got.empty());
    rollout.arrived();
    ASSERT_EQ(got.size(), 1U);
    EXPECT_EQ(got[0].revision, model::Revision(3));
    EXPECT_FALSE(got[0].error);
  }
  EXPECT_EQ(got.size(), 1U);
}

TEST(Rollout, DroppedBeforeThatItReportsAnError) {
  std::vector<model::Acknowledgement> got;
  {
    Rollout rollout(model::Revision(3), 2, [&](model::Acknowledgement ack) { got.push_back(std::move(ack)); });
    rollout.arrived();
  }
  ASSERT_EQ(got.size(), 1U);
  ASSERT_TRUE(got[0].error);
  EXPECT_EQ(got[0].error->kind, base::ErrorKind::kUnavailable);
}

}  // namespace
}  // namespace sallyport::dns
