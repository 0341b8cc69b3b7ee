#include "bastion/login_cache.h"

#include <gtest/gtest.h>

#include "base/limits.h"
#include "bastion/failure_budget.h"

namespace sallyport::bastion {
namespace {

using namespace std::chrono_literals;
namespace limits = base::limits;

Credentials login(int number) { return {"AKIAIOSFODNN7EXAMPLE", "secret-" + std::to_string(number)}; }

class LoginCacheTest : public testing::Test {
 protected:
  std::optional<bool> find(int number, Steady::duration after = 0s) const {
    return cache_.find(cache_.digest(login(number)), start_ + after);
  }
  void put(int number, bool accepted, Steady::duration after = 0s) {
    cache_.put(cache_.digest(login(number)), accepted, start_ + after);
  }

  base::SystemEntropy entropy_;
  LoginCache cache_{entropy_, 3};
  Steady::time_point start_ = Steady::now();
};

TEST_F(LoginCacheTest, RemembersEachAnswerForItsTime) {
  EXPECT_EQ(find(1), std::nullopt);
  put(1, true);
  put(2, false);
  EXPECT_EQ(find(1), true);
  EXPECT_EQ(find(2), false);
  EXPECT_EQ(find(1, limits::kBastionAcceptedTime - 1ms), true);
  EXPECT_EQ(find(1, limits::kBastionAcceptedTime), std::nullopt);
  EXPECT_EQ(find(2, limits::kBastionRejectedTime), std::nullopt);
}

TEST_F(LoginCacheTest, TheLastAnswerCounts) {
  put(1, true);
  put(1, false, 5s);
  EXPECT_EQ(find(1, 5s), false);
  EXPECT_EQ(cache_.size(), 1U);
  put(1, true, 6s);
  EXPECT_EQ(find(1, 6s + limits::kBastionAcceptedTime - 1ms), true);
}

TEST_F(LoginCacheTest, ForgetsTheOldestAtItsCapacity) {
  for (int number = 1; number <= 3; ++number)
    put(number, true);
  put(1, true, 1s);
  put(4, true, 2s);
  EXPECT_EQ(cache_.size(), 3U);
  EXPECT_EQ(find(2, 2s), std::nullopt);
  for (const int kept : {1, 3, 4})
    EXPECT_EQ(find(kept, 2s), true) << kept;
}

TEST_F(LoginCacheTest, DigestsTellPairsApartAndDifferByProcess) {
  EXPECT_NE(cache_.digest({"AB", "C"}), cache_.digest({"A", "BC"}));
  EXPECT_NE(cache_.digest({"1", ":x"}), cache_.digest({"1:", "x"}));
  EXPECT_NE(cache_.digest(login(1)), LoginCache(entropy_, 1).digest(login(1)));
}

TEST(Credentials, OnlyKeysAreShown) {
  EXPECT_EQ(login(1).shown(), "AKIAIOSFODNN7EXAMPLE");
  EXPECT_EQ((Credentials{"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "x"}).shown(), "-");
  for (const char* id : {"", "SHORT", "AKIAIOSFODNN7EXAMPL\r\n", "AKIAIOSFODNN7EXAMPLE/x", "akiaiosfodnn7example"}) {
    EXPECT_FALSE((Credentials{id, "x"}).plausible()) << id;
  }
  EXPECT_FALSE((Credentials{"AKIAIOSFODNN7EXAMPLE", ""}).plausible());
}

class FailureBudgetTest : public testing::Test {
 protected:
  base::IpAddress ip(const char* text) const { return *base::IpAddress::parse(text); }
  void spend(const char* source, int times, Steady::duration after = 0s) {
    for (int i = 0; i < times; ++i)
      budget_.spend(ip(source), start_ + after);
  }
  bool left(const char* source, Steady::duration after = 0s) const { return budget_.left(ip(source), start_ + after); }

  FailureBudget budget_{3};
  Steady::time_point start_ = Steady::now();
};

TEST_F(FailureBudgetTest, SoManyThenOneAtATime) {
  spend("192.0.2.1", limits::kBastionFailures - 1);
  EXPECT_TRUE(left("192.0.2.1"));
  spend("192.0.2.1", 1);
  EXPECT_FALSE(left("192.0.2.1"));
  EXPECT_TRUE(left("192.0.2.2"));
  EXPECT_FALSE(left("192.0.2.1", limits::kBastionFailurePause - 1ms));
  EXPECT_TRUE(left("192.0.2.1", limits::kBastionFailurePause));
  spend("192.0.2.1", 1, limits::kBastionFailurePause);
  EXPECT_FALSE(left("192.0.2.1", limits::kBastionFailurePause));
}

TEST_F(FailureBudgetTest, AnIpv6NetworkIsOneSource) {
  spend("2001:db8::1", limits::kBastionFailures);
  EXPECT_FALSE(left("2001:db8::ffff:1"));
  EXPECT_TRUE(left("2001:db8:0:1::1"));
}

TEST_F(FailureBudgetTest, AtItsCapacityTheOneWithLeastToForgiveGoes) {
  spend("192.0.2.1", limits::kBastionFailures);
  spend("192.0.2.2", 1);
  spend("192.0.2.3", 2);
  spend("192.0.2.4", 1);
  EXPECT_EQ(budget_.sources(), 3U);
  EXPECT_FALSE(left("192.0.2.1"));
  spend("192.0.2.5", 1, 1h);
  EXPECT_EQ(budget_.sources(), 1U);
}

}  // namespace
}  // namespace sallyport::bastion
