#include "app/handover_steps.h"

#include <gtest/gtest.h>

namespace sallyport::app::handover {
namespace {

constexpr State kStates[] = {State::kServing, State::kYielded, State::kDraining};
constexpr Event kEvents[] = {Event::kAsked, Event::kServes, Event::kLost, Event::kRestored};

TEST(HandoverSteps, AHandoverThatSucceeds) {
  const Step yielded = next_step(State::kServing, Event::kAsked);
  EXPECT_EQ(yielded, (Step{State::kYielded, Action::kYield}));
  EXPECT_EQ(next_step(yielded.state, Event::kServes), (Step{State::kDraining, Action::kRelease}));
}

TEST(HandoverSteps, ASuccessorLostBeforeItServesGivesEverythingBack) {
  const Step lost = next_step(State::kYielded, Event::kLost);
  EXPECT_EQ(lost, (Step{State::kYielded, Action::kTakeBack}));
  EXPECT_EQ(next_step(lost.state, Event::kRestored), (Step{State::kServing, Action::kNothing}));
}

TEST(HandoverSteps, OneSuccessorAtATime) {
  EXPECT_EQ(next_step(State::kYielded, Event::kAsked).action, Action::kRefuse);
  EXPECT_EQ(next_step(State::kDraining, Event::kAsked).action, Action::kRefuse);
}

TEST(HandoverSteps, FromDrainingThereIsNoWayBack) {
  for (const Event event : kEvents) {
    const Step step = next_step(State::kDraining, event);
    EXPECT_EQ(step.state, State::kDraining);
    EXPECT_NE(step.action, Action::kTakeBack);
  }
}

TEST(HandoverSteps, TheStoreIsGivenOnlyWhenItIsOwned) {
  for (const State state : kStates) {
    for (const Event event : kEvents) {
      if (next_step(state, event).action == Action::kYield) EXPECT_EQ(state, State::kServing);
      if (next_step(state, event).action == Action::kRelease) EXPECT_EQ(state, State::kYielded);
    }
  }
}

}  // namespace
}  // namespace sallyport::app::handover
