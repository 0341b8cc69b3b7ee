#include "provider/back_off.h"

#include <gtest/gtest.h>

namespace sallyport::provider {
namespace {

using namespace std::chrono_literals;

TEST(BackOff, DoublesUpToHalfAMinute) {
  BackOff back_off;
  EXPECT_EQ(back_off.after_end(1s), 250ms);
  EXPECT_EQ(back_off.after_end(1s), 500ms);
  EXPECT_EQ(back_off.after_end(1s), 1s);
  for (int i = 0; i < 100; ++i)
    back_off.after_end(1s);
  EXPECT_EQ(back_off.after_end(1s), 30s);
}

TEST(BackOff, StartsAnewAfterACalmMinute) {
  BackOff back_off;
  for (int i = 0; i < 5; ++i)
    back_off.after_end(0ms);
  EXPECT_GT(back_off.after_end(59s), 250ms);
  EXPECT_EQ(back_off.after_end(60s), 250ms);
  EXPECT_EQ(back_off.after_end(0ms), 500ms);
}

TEST(BackOff, ForgetsWhenTold) {
  BackOff back_off;
  back_off.after_end(0ms);
  back_off.reset();
  EXPECT_EQ(back_off.after_end(0ms), 250ms);
}

}  // namespace
}  // namespace sallyport::provider
