#include "gateway/filter_cover.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>

#include "model/test_generators.h"

namespace sallyport::gateway {
namespace {

using Blocks = FilterCover::Blocks;
using model::Cidr;

Cidr cidr(std::string_view text) { return Cidr::parse(text).value(); }

// A kernel filter, as far as its contents go.
class Filter {
 public:
  void put(const Blocks& blocks) {
    for (const Cidr& block : blocks)
      RC_ASSERT(held_.insert(block).second);
  }
  void take(const Blocks& blocks) {
    for (const Cidr& block : blocks)
      RC_ASSERT(held_.erase(block) == 1U);
  }
  void fill(const Blocks& blocks) { held_ = {blocks.begin(), blocks.end()}; }
  bool lets_through(const Cidr& block) const {
    return std::ranges::any_of(held_, [&](const Cidr& held) { return held.contains(block); });
  }
  const std::set<Cidr>& held() const { return held_; }

 private:
  std::set<Cidr> held_;
};

RC_GTEST_PROP(FilterCover, HoldsAllThatWasAddedWithinTheLimit, ()) {
  const auto pool = *rc::gen::container<Blocks>(40, model::any::cidr());
  const std::size_t limit = *rc::gen::inRange<std::size_t>(2, 60);
  FilterCover cover(limit);
  Filter filter;
  std::vector<Blocks> lists;
  const auto fill = [&] {
    Blocks all;
    for (const Blocks& list : lists)
      all.insert(all.end(), list.begin(), list.end());
    filter.fill(cover.fill(all));
  };
  for (int step = *rc::gen::inRange(1, 12); step > 0; --step) {
    if (!lists.empty() && *rc::gen::inRange(0, 3) == 0) {
      const Blocks gone = lists.back();
      lists.pop_back();
      filter.take(cover.remove(gone));
      if (cover.worth_narrowing()) fill();
    } else {
      Blocks fresh;
      for (int i = *rc::gen::inRange(0, 20); i > 0; --i)
        fresh.push_back(pool[*rc::gen::inRange<std::size_t>(0, pool.size())]);
      lists.push_back(fresh);
      filter.put(cover.add(fresh));
      if (cover.too_many()) fill();
    }
    RC_ASSERT(filter.held().size() <= limit);
    std::set<Cidr> wanted;
    for (const Blocks& list : lists)
      wanted.insert(list.begin(), list.end());
    for (const Cidr& block : wanted)
      RC_ASSERT(filter.lets_through(block));
    // While they fit nothing else passes, and nothing that is held has gone out of use.
    if (limit >= pool.size()) RC_ASSERT(filter.held() == wanted);
    for (const Cidr& held : filter.held())
      RC_ASSERT(std::ranges::any_of(wanted, [&](const Cidr& block) { return held.contains(block); }));
  }
}

TEST(FilterCover, WidensAsLittleAsFits) {
  FilterCover cover(2);
  EXPECT_EQ(cover.add({cidr("192.0.2.1/32"), cidr("192.0.2.17/32")}).size(), 2U);
  EXPECT_FALSE(cover.too_many());
  cover.add({cidr("192.0.2.2/32")});
  EXPECT_TRUE(cover.too_many());
  const Blocks all = {cidr("192.0.2.1/32"), cidr("192.0.2.17/32"), cidr("192.0.2.2/32")};
  EXPECT_EQ(cover.fill(all), (Blocks{cidr("192.0.2.0/28"), cidr("192.0.2.16/28")}));
  EXPECT_TRUE(cover.remove({cidr("192.0.2.1/32")}).empty()) << "192.0.2.2 is in it too";
  EXPECT_EQ(cover.remove({cidr("192.0.2.2/32")}), Blocks{cidr("192.0.2.0/28")});
  EXPECT_TRUE(cover.worth_narrowing());
  EXPECT_EQ(cover.fill({cidr("192.0.2.17/32")}), Blocks{cidr("192.0.2.17/32")});
  EXPECT_FALSE(cover.worth_narrowing());
}

TEST(FilterCover, AtWorstLetsEveryoneThrough) {
  FilterCover cover(2);
  EXPECT_EQ(cover.fill({cidr("1.0.0.0/8"), cidr("2.0.0.0/8"), cidr("200.0.0.0/8"), cidr("2001:db8::/32")}),
            (Blocks{cidr("0.0.0.0/0"), cidr("::/0")}));
}

}  // namespace
}  // namespace sallyport::gateway
