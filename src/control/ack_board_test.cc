#include "control/ack_board.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace sallyport::control {
namespace {

using model::Acknowledgement;
using model::ClusterName;
using model::Revision;

Acknowledgement ok(std::uint64_t revision, std::uint64_t cut = 0) {
  Acknowledgement acknowledgement{Revision(revision), {}, {}};
  if (cut > 0) acknowledgement.connections_cut[ClusterName("c")] = cut;
  return acknowledgement;
}
Acknowledgement bad(std::uint64_t revision) {
  return {Revision(revision), {}, base::Error{base::ErrorKind::kInternal, "broken", {}}};
}

class Board : public testing::Test {
 protected:
  void publish(std::uint64_t revision) {
    board_->publishing(Revision(revision));
    a_ = board_->acknowledge_fn(0, Revision(revision));
    b_ = board_->acknowledge_fn(1, Revision(revision));
  }
  bool everywhere(std::uint64_t revision) const { return board_->enforcement(Revision(revision)).everywhere; }

  std::shared_ptr<AckBoard> board_ = std::make_shared<AckBoard>(std::vector<std::string>{"a", "b"});
  model::AcknowledgeFn a_;
  model::AcknowledgeFn b_;
};

TEST_F(Board, EverywhereNeedsEveryNode) {
  publish(5);
  EXPECT_FALSE(everywhere(5));
  a_(ok(5));
  EXPECT_FALSE(everywhere(5));
  b_(ok(5));
  EXPECT_TRUE(everywhere(5));
  EXPECT_TRUE(everywhere(4));
  EXPECT_FALSE(everywhere(6));
}

TEST_F(Board, WithoutNodesPublicationIsEnough) {
  const auto nobody = std::make_shared<AckBoard>(std::vector<std::string>{});
  EXPECT_FALSE(nobody->enforcement(Revision(1)).everywhere);
  nobody->publishing(Revision(1));
  EXPECT_TRUE(nobody->enforcement(Revision(1)).everywhere);
}

TEST_F(Board, ASkippedSnapshotIsAcknowledgedWithTheNewer) {
  publish(5);
  const auto skipped = a_;
  publish(6);
  skipped(ok(6));
  b_(ok(6));
  EXPECT_TRUE(everywhere(6));
}

TEST_F(Board, AcknowledgementsOutOfOrderDoNotGoBack) {
  publish(5);
  const auto older = a_;
  publish(6);
  a_(ok(6));
  older(ok(5));
  b_(ok(6));
  EXPECT_TRUE(everywhere(6));
}

TEST_F(Board, WhatWasNeverPublishedIsNotAcknowledged) {
  publish(5);
  a_(ok(99));
  b_(ok(99));
  EXPECT_TRUE(everywhere(5));
  EXPECT_FALSE(everywhere(6));
}

TEST_F(Board, AnOlderRevisionThanGivenIsAFailure) {
  publish(5);
  a_(ok(3));
  EXPECT_TRUE(board_->enforcement(Revision(5)).failure);
}

TEST_F(Board, AFailureIsNamedUntilALaterSuccess) {
  publish(5);
  a_(ok(5));
  b_(bad(5));
  const Enforcement failed = board_->enforcement(Revision(5));
  EXPECT_FALSE(failed.everywhere);
  EXPECT_EQ(failed.failed_node, "b");
  EXPECT_TRUE(board_->some_node_failed());
  EXPECT_FALSE(board_->enforcement(Revision(6)).failure);
  publish(6);
  EXPECT_FALSE(board_->some_node_failed());
  a_(ok(6));
  b_(ok(6));
  EXPECT_TRUE(everywhere(6));
  EXPECT_FALSE(board_->nodes()[1].error);
}

TEST_F(Board, ALateFailureOfAnOldSnapshotChangesNothing) {
  publish(5);
  const auto older = a_;
  publish(6);
  a_(ok(6));
  older(bad(5));
  b_(ok(6));
  EXPECT_TRUE(everywhere(6));
  EXPECT_FALSE(board_->nodes()[0].error);
}

TEST_F(Board, CutsCountOncePerAnswerFromTheRevisionOn) {
  const ClusterName name("c");
  publish(5);
  const auto before = a_;
  model::Update update;
  update.id = model::UpdateId("u");
  update.cluster = name;
  update.connections_cut = 10;
  board_->count_cuts(update, Revision(6));
  board_->count_cuts(update, Revision(1));
  publish(6);
  before(ok(5, 100));
  a_(ok(6, 2));
  a_(ok(6, 2));
  b_(ok(6, 3));
  EXPECT_EQ(board_->cuts(name), 15U);
  EXPECT_EQ(board_->total_cuts(), 105U);
  update.id = model::UpdateId("the next");
  update.connections_cut = 0;
  board_->count_cuts(update, Revision(7));
  EXPECT_EQ(board_->cuts(name), 0U);
  board_->stop_counting(name);
  EXPECT_EQ(board_->cuts(name), 0U);
}

TEST_F(Board, OutlivesItsOwnerInTheHandsOfANode) {
  publish(5);
  board_.reset();
  a_(ok(5, 1));
}

TEST_F(Board, WaitEndsWithARingAnAnswerOrTheDeadline) {
  const auto seen = board_->generation();
  board_->wait(seen, std::chrono::steady_clock::now() + std::chrono::milliseconds(1));
  std::thread ringer([&] { board_->ring(); });
  board_->wait(seen, std::nullopt);
  ringer.join();
  EXPECT_EQ(board_->generation(), seen + 1);
  publish(5);
  a_(ok(5));
  board_->wait(seen + 1, std::nullopt);
}

}  // namespace
}  // namespace sallyport::control
