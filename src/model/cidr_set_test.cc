#include "model/cidr_set.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "base/limits.h"
#include "model/test_generators.h"

namespace sallyport::model {
namespace {

using base::IpAddress;

CidrSet set_of(const std::vector<std::string>& texts) {
  std::vector<Cidr> blocks;
  blocks.reserve(texts.size());
  for (const std::string& text : texts)
    blocks.push_back(Cidr::parse(text).value());
  return CidrSet(std::move(blocks));
}
std::string matched(const CidrSet& set, std::string_view address) {
  const auto found = set.match(IpAddress::parse(address).value());
  return found ? found->to_string() : "none";
}

// Looks at every block, bit by bit.
std::optional<Cidr> naive_match(const std::vector<Cidr>& blocks, const IpAddress& address) {
  std::optional<Cidr> longest;
  for (const Cidr& block : blocks) {
    if (any::holds(block, address) && (!longest || longest->prefix() < block.prefix())) longest = block;
  }
  return longest;
}

// Nested, side by side, repeated and unrelated ones, of both families.
std::vector<Cidr> some_blocks(std::size_t most) {
  std::vector<Cidr> blocks;
  const auto count = *rc::gen::inRange<std::size_t>(0, most + 1);
  while (blocks.size() < count)
    blocks.push_back(Cidr::of(*any::address_near(blocks), *rc::gen::inRange<unsigned>(0, 129)));
  return blocks;
}

TEST(CidrSet, EmptyMatchesNothing) {
  const CidrSet none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(matched(none, "192.0.2.1"), "none");
  EXPECT_EQ(matched(none, "::"), "none");
}

TEST(CidrSet, LongestBlockWins) {
  const CidrSet set = set_of({"10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "10.1.0.0/16", "10.1.2.0/24", "10.200.0.0/16"});
  EXPECT_EQ(matched(set, "10.1.2.3"), "10.1.2.3/32");
  EXPECT_EQ(matched(set, "10.1.2.4"), "10.1.2.0/24");
  EXPECT_EQ(matched(set, "10.1.3.0"), "10.1.0.0/16");
  EXPECT_EQ(matched(set, "10.2.0.0"), "10.0.0.0/8");
  EXPECT_EQ(matched(set, "10.201.0.0"), "10.0.0.0/8") << "behind a sibling";
  EXPECT_EQ(matched(set, "11.0.0.0"), "0.0.0.0/0");
  EXPECT_EQ(matched(set, "::ffff:10.1.2.3"), "10.1.2.3/32");
  EXPECT_EQ(matched(set, "::10.1.2.3"), "none");
}

TEST(CidrSet, FamiliesDoNotHideEachOther) {
  const CidrSet set = set_of({"::/0", "0.0.0.0/0", "::fffe:0:0/96", "10.0.0.0/8", "2001:db8::/32"});
  EXPECT_EQ(matched(set, "::1"), "::/0");
  EXPECT_EQ(matched(set, "::fffe:0:1"), "::fffe:0:0/96");
  EXPECT_EQ(matched(set, "::1:0:0:1"), "::/0") << "past the IPv4 blocks in byte order";
  EXPECT_EQ(matched(set, "2001:db8::1"), "2001:db8::/32");
  EXPECT_EQ(matched(set, "9.0.0.0"), "0.0.0.0/0");
  EXPECT_EQ(matched(set_of({"::/0"}), "192.0.2.1"), "none");
  EXPECT_EQ(matched(set_of({"0.0.0.0/0"}), "2001:db8::1"), "none");
}

TEST(CidrSet, EdgesOfBlocks) {
  const CidrSet set = set_of({"192.0.2.64/26", "0.0.0.0/32", "255.255.255.255/32"});
  EXPECT_EQ(matched(set, "192.0.2.63"), "none");
  EXPECT_EQ(matched(set, "192.0.2.64"), "192.0.2.64/26");
  EXPECT_EQ(matched(set, "192.0.2.127"), "192.0.2.64/26");
  EXPECT_EQ(matched(set, "192.0.2.128"), "none");
  EXPECT_EQ(matched(set, "0.0.0.0"), "0.0.0.0/32");
  EXPECT_EQ(matched(set, "255.255.255.255"), "255.255.255.255/32");
}

TEST(CidrSet, KeepsTheOrderGivenAndComparesWithoutIt) {
  const CidrSet a = set_of({"10.0.0.0/8", "2001:db8::/32", "10.0.0.0/8", "1.0.0.0/8"});
  const CidrSet b = set_of({"1.0.0.0/8", "10.0.0.0/8", "2001:db8::/32"});
  ASSERT_EQ(a.size(), 4U);
  EXPECT_EQ(a.entries()[0].to_string(), "10.0.0.0/8");
  EXPECT_EQ(a.entries()[3].to_string(), "1.0.0.0/8");
  EXPECT_TRUE(a.same_blocks(b));
  EXPECT_FALSE(a == b);
  EXPECT_FALSE(a.same_blocks(set_of({"1.0.0.0/8", "10.0.0.0/8"})));
  EXPECT_FALSE(a.same_blocks(set_of({"1.0.0.0/8", "10.0.0.0/9", "2001:db8::/32"})));
}

RC_GTEST_PROP(CidrSet, MatchesLikeANaiveSearch, ()) {
  const std::vector<Cidr> blocks = some_blocks(24);
  const CidrSet set(blocks);
  for (int i = 0; i < 20; ++i) {
    const IpAddress address = *any::address_near(blocks);
    RC_ASSERT(set.match(address) == naive_match(blocks, address));
    RC_ASSERT(set.contains(address) == naive_match(blocks, address).has_value());
  }
}

RC_GTEST_PROP(CidrSet, OrderAndRepetitionDoNotMatter, ()) {
  std::vector<Cidr> blocks = some_blocks(12);
  const CidrSet set(blocks);
  std::vector<Cidr> other = blocks;
  other.insert(other.end(), blocks.begin(), blocks.end());
  std::shuffle(other.begin(), other.end(), std::mt19937(*rc::gen::arbitrary<std::uint32_t>()));
  RC_ASSERT(CidrSet(other).same_blocks(set));
  const IpAddress address = *any::address_near(blocks);
  RC_ASSERT(CidrSet(other).match(address) == set.match(address));
}

// As many blocks as a cluster may have, in chains as deep as they go.
TEST(CidrSet, MatchesAtTheLimit) {
  std::mt19937 engine(2'048);
  const auto random = [&] { return static_cast<std::uint32_t>(engine()); };
  std::vector<Cidr> blocks;
  while (blocks.size() < base::limits::kPublicAccessCidrs) {
    const IpAddress v4 = IpAddress::v4(random());
    base::IpAddress::Octets octets{};
    for (std::uint8_t& octet : octets)
      octet = static_cast<std::uint8_t>(random());
    const IpAddress v6 = IpAddress::v6(octets);
    if (blocks.size() < 400) {
      for (unsigned prefix = 0; prefix <= 128; prefix += 3)
        blocks.push_back(Cidr::of(prefix % 2 == 0 ? v4 : v6, prefix));
    } else {
      blocks.push_back(random() % 2 == 0 ? Cidr::of(v4, 8 + random() % 25) : Cidr::of(v6, 16 + random() % 113));
    }
  }
  blocks.resize(base::limits::kPublicAccessCidrs);
  std::erase_if(blocks, [](const Cidr& block) { return block.prefix() == 0; });
  const CidrSet set(blocks);
  int hits = 0;
  int misses = 0;
  for (int i = 0; i < 4'000; ++i) {
    auto octets = blocks[random() % blocks.size()].network().octets();
    const std::size_t last = random() % 3;
    if (last > 0) octets[16 - last] = static_cast<std::uint8_t>(random());
    if (random() % 4 == 0) octets[random() % 16] ^= static_cast<std::uint8_t>(1U << random() % 8);
    const IpAddress address = IpAddress::v6(octets);
    const auto expected = naive_match(blocks, address);
    ASSERT_EQ(set.match(address), expected) << address.to_string();
    ++(expected ? hits : misses);
  }
  EXPECT_GT(hits, 500);
  EXPECT_GT(misses, 50);
}

}  // namespace
}  // namespace sallyport::model
