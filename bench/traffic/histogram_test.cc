#include "traffic/histogram.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace sallyport::bench {
namespace {

TEST(Histogram, HasNothingToTellOfNothing) {
  const Histogram histogram;
  EXPECT_EQ(histogram.quantile(0.5), 0U);
  EXPECT_EQ(histogram.count(), 0U);
}

TEST(Histogram, QuantilesAreWithinTheWidthOfABucket) {
  Histogram histogram;
  for (std::uint64_t value = 1; value <= 100'000; ++value)
    histogram.add(value);
  for (const double share : {0.01, 0.5, 0.9, 0.99, 0.999}) {
    const double exact = share * 100'000;
    EXPECT_GE(static_cast<double>(histogram.quantile(share)), exact);
    EXPECT_LE(static_cast<double>(histogram.quantile(share)), exact * (1 + 1.0 / 32));
  }
  EXPECT_EQ(histogram.quantile(1), 100'000U);
  EXPECT_EQ(histogram.longest(), 100'000U);
}

TEST(Histogram, HoldsEveryNumber) {
  for (unsigned bit = 0; bit < 64; ++bit) {
    for (const std::uint64_t value :
         {(std::uint64_t{1} << bit) - 1, std::uint64_t{1} << bit, ~std::uint64_t{0} >> bit}) {
      Histogram histogram;
      histogram.add(value);
      EXPECT_EQ(histogram.quantile(0.5), value);
    }
  }
}

TEST(Histogram, MergesAsIfOneHadSeenAll) {
  Histogram one, other, both;
  for (std::uint64_t value = 0; value < 5'000; ++value) {
    (value % 3 == 0 ? one : other).add(value * value);
    both.add(value * value);
  }
  one.merge(other);
  EXPECT_EQ(one.count(), both.count());
  EXPECT_EQ(one.longest(), both.longest());
  EXPECT_EQ(one.quantile(0.9), both.quantile(0.9));
}

}  // namespace
}  // namespace sallyport::bench
