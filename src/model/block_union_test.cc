#include "model/block_union.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "model/test_generators.h"

namespace sallyport::model {
namespace {

std::set<Cidr> contents(const BlockUnion& blocks) {
  std::set<Cidr> found;
  blocks.each([&](const Cidr& block) { EXPECT_TRUE(found.insert(block).second); });
  return found;
}

std::vector<Cidr> some_of(const std::vector<Cidr>& pool) {
  std::vector<Cidr> chosen;
  for (const Cidr& block : pool) {
    if (*rc::gen::arbitrary<bool>()) chosen.push_back(block);
  }
  return chosen;
}

RC_GTEST_PROP(BlockUnion, HoldsWhatItsListsHold, ()) {
  const auto pool = *rc::gen::container<std::vector<Cidr>>(20, any::cidr());
  std::vector<std::vector<Cidr>> lists;
  BlockUnion blocks;
  for (int step = *rc::gen::inRange(0, 12); step > 0; --step) {
    BlockUnion::Edit edit(blocks);
    if (!lists.empty() && *rc::gen::arbitrary<bool>()) {
      edit.remove(lists.back());
      lists.pop_back();
    }
    lists.push_back(some_of(pool));
    edit.add(lists.back());
  }
  std::set<Cidr> all;
  for (const auto& list : lists)
    all.insert(list.begin(), list.end());
  RC_ASSERT(contents(blocks) == all);
  RC_ASSERT(blocks.size() == all.size());
  for (int i = 0; i < 20; ++i) {
    const base::IpAddress address = *any::address_near(pool);
    const bool held = std::ranges::any_of(all, [&](const Cidr& block) { return any::holds(block, address); });
    RC_ASSERT(blocks.contains(address) == held);
  }
}

RC_GTEST_PROP(BlockUnion, DifferenceIsThatOfTheSets, ()) {
  const auto pool = *rc::gen::container<std::vector<Cidr>>(20, any::cidr());
  BlockUnion before;
  const std::vector<Cidr> first = some_of(pool);
  BlockUnion::Edit(before).add(first);
  BlockUnion after = before;
  {
    BlockUnion::Edit edit(after);
    edit.add(some_of(pool));
    edit.remove(first);
  }
  const auto [opened, closed] = BlockUnion::difference(before, after);
  std::set<Cidr> replayed = contents(before);
  for (const Cidr& block : closed)
    RC_ASSERT(replayed.erase(block) == 1U);
  for (const Cidr& block : opened)
    RC_ASSERT(replayed.insert(block).second);
  RC_ASSERT(replayed == contents(after));
}

}  // namespace
}  // namespace sallyport::model
