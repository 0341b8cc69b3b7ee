#include "dns/name_table.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/limits.h"
#include "dns/quick_answers.h"
#include "dns/test_world.h"

namespace sallyport::dns {
namespace {

AnswerForms some_forms() {
  policy::Answer found;
  found.status = policy::ResolveStatus::kNameError;
  return {make_zone("sallyport.internal", model::Revision(1)).value(), View{policy::Vantage::at_public(), false, {}},
          found};
}

NameTable::Id id_of(std::uint64_t number) { return {number * 0x9e3779b97f4a7c15U, ~number}; }

std::optional<NameTable::Id> parse(const std::string& digits) {
  return NameTable::parse(base::as_bytes(digits).first<32>());
}

TEST(NameTable, IdsAreThirtyTwoDigits) {
  EXPECT_EQ(parse("0123456789abcdef00000000000000ff"), (NameTable::Id{0x0123456789abcdef, 0xff}));
  for (const char wrong : {'g', 'A', '/', ':', '\0', '\xff', '`'}) {
    for (const std::size_t at : {0U, 15U, 16U, 31U}) {
      std::string digits(32, '0');
      digits[at] = wrong;
      EXPECT_EQ(parse(digits), std::nullopt) << wrong << " at " << at;
    }
  }
}

TEST(NameTable, RemembersUntilItRestarts) {
  const AnswerForms forms = some_forms();
  NameTable table;
  EXPECT_EQ(table.find(id_of(1), 0), nullptr);
  table.put(id_of(1), 0, forms);  // no room yet: not an error
  EXPECT_EQ(table.find(id_of(1), 0), nullptr);
  table.restart(100);
  table.put(id_of(1), 0, forms);
  EXPECT_EQ(table.find(id_of(1), 0), &forms);
  EXPECT_EQ(table.find(id_of(1), 1), nullptr) << "each listener has its own view";
  EXPECT_EQ(table.find(id_of(2), 0), nullptr);
  EXPECT_EQ(table.find({id_of(1).high, id_of(1).low + 1}, 0), nullptr);
  table.restart(100);
  EXPECT_EQ(table.find(id_of(1), 0), nullptr);
  table.restart(10'000);
  EXPECT_EQ(table.find(id_of(1), 0), nullptr);
}

TEST(NameTable, IsBoundedAndKeepsTheNewest) {
  const AnswerForms forms = some_forms();
  NameTable table;
  table.restart(SIZE_MAX / 2);
  EXPECT_EQ(table.capacity(), base::limits::kDnsRememberedNames);
  table = {};
  table.restart(1);
  ASSERT_EQ(table.capacity(), 2U);
  for (std::uint64_t number = 0; number < 100; ++number) {
    table.put(id_of(number), 0, forms);
    EXPECT_EQ(table.find(id_of(number), 0), &forms);
    if (number == 0) continue;
    EXPECT_EQ(table.find(id_of(number - 1), 0), &forms);
    if (number == 1) continue;
    EXPECT_EQ(table.find(id_of(number - 2), 0), nullptr);
  }
}

TEST(NameTable, HoldsNearlyAllOfAsManyAsItIsMadeFor) {
  const AnswerForms forms = some_forms();
  NameTable table;
  constexpr std::uint64_t kNames = 10'000;
  table.restart(kNames);
  for (std::uint64_t number = 0; number < kNames; ++number)
    table.put(id_of(number), 0, forms);
  std::size_t held = 0;
  for (std::uint64_t number = 0; number < kNames; ++number)
    held += table.find(id_of(number), 0) == nullptr ? 0 : 1;
  EXPECT_GT(held, kNames * 9 / 10);
}

}  // namespace
}  // namespace sallyport::dns
