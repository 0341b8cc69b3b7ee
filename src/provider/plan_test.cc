#include "provider/plan.h"

#include <gtest/gtest.h>

#include "base/test_folder.h"
#include "provider/files.h"
#include "provider/test_state.h"

namespace sallyport::provider {
namespace {

class PlanTest : public testing::Test {
 protected:
  PlanTest() {
    EXPECT_TRUE(make_folder(layout_.config()));
    EXPECT_TRUE(write_file(layout_.authentication_config(), "{}"));
    EXPECT_TRUE(write_file(layout_.authentication_webhook(), "token: one"));
    EXPECT_TRUE(write_file(layout_.authorization_webhook(), "token: one"));
    state_.kube_apiserver = folder_ / "kube-apiserver";
    state_.etcd = folder_ / "etcd-program";
    EXPECT_TRUE(write_file(state_.kube_apiserver, "1"));
    EXPECT_TRUE(write_file(state_.etcd, "1"));
    state_.webhooks = true;
  }
  std::string revision() const { return plan_api_server(state_, layout_).value().revision; }

  base::TestFolder folder_ = base::TestFolder::in_memory();
  Layout layout_{folder_.path()};
  ClusterState state_ = sample_state();
};

TEST_F(PlanTest, IsTheSameForTheSame) {
  EXPECT_EQ(revision(), revision());
  EXPECT_NE(revision(), plan_etcd(state_, layout_).value().revision);
}

TEST_F(PlanTest, NamesAndReadinessNeedNoRestart) {
  const std::string before = revision();
  state_.sans.emplace_back("more.example.com");
  state_.was_ready = true;
  EXPECT_EQ(revision(), before);
}

TEST_F(PlanTest, WhatAProcessReadsAtItsStartNeedsOne) {
  const std::string before = revision();
  ASSERT_TRUE(write_file(layout_.authorization_webhook(), "token: two"));
  const std::string after = revision();
  EXPECT_NE(after, before);
  // Its binary was replaced, by one of the same size.
  ASSERT_TRUE(write_file(state_.kube_apiserver, "2"));
  EXPECT_NE(revision(), after);
  state_.webhooks = false;
  EXPECT_NE(revision(), after);
}

TEST_F(PlanTest, WhatIsMissingIsNamed) {
  ASSERT_TRUE(remove_file(state_.etcd));
  const auto plan = plan_etcd(state_, layout_);
  ASSERT_FALSE(plan);
  EXPECT_NE(plan.error().message.find(state_.etcd), std::string::npos);
}

}  // namespace
}  // namespace sallyport::provider
