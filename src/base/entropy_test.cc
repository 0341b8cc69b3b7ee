#include "base/entropy.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace sallyport::base {
namespace {

// 0, 1, 2, … or one value only.
class Counting final : public Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override {
    for (std::uint8_t& byte : out)
      byte = next_++;
  }

 private:
  std::uint8_t next_ = 0;
};
class Constant final : public Entropy {
 public:
  explicit Constant(std::uint8_t value) : value_(value) {}
  void fill(std::span<std::uint8_t> out) override { std::ranges::fill(out, value_); }

 private:
  std::uint8_t value_;
};

TEST(Entropy, HexHasTheDigitsAskedFor) {
  Counting counting;
  EXPECT_EQ(random_hex(counting, 6), "000102");
  EXPECT_EQ(random_hex(counting, 3), "030");
  EXPECT_EQ(random_hex(counting, 1), "0");
  EXPECT_EQ(random_hex(counting, 0), "");
}

TEST(Entropy, UuidIsVersion4) {
  Counting counting;
  EXPECT_EQ(random_uuid(counting), "00010203-0405-4607-8809-0a0b0c0d0e0f");
  Constant zeros(0x00);
  Constant ones(0xff);
  EXPECT_EQ(random_uuid(zeros), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(random_uuid(ones), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(Entropy, TheSystemsDoesNotRepeat) {
  SystemEntropy entropy;
  const std::regex shape("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string uuid = random_uuid(entropy);
    EXPECT_TRUE(std::regex_match(uuid, shape)) << uuid;
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 1'000U);
}

// More than getrandom(2) gives in one uninterruptible call.
TEST(Entropy, TheSystemsFillsLargeBuffersToTheEnd) {
  SystemEntropy entropy;
  std::vector<std::uint8_t> bytes(4 << 20);
  entropy.fill(bytes);
  const auto tail = std::span(bytes).last(256);
  EXPECT_NE(std::accumulate(tail.begin(), tail.end(), 0), 0);
  entropy.fill({});
}

}  // namespace
}  // namespace sallyport::base
