#include "base/result.h"

#include <gtest/gtest.h>

#include <set>
#include <string_view>

namespace sallyport::base {
namespace {

TEST(Result, FailGivesTheErrorAsAValue) {
  const Result<int> failed = fail(ErrorKind::kNotFound, "no cluster 'blue'", "name");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error(), (Error{ErrorKind::kNotFound, "no cluster 'blue'", "name"}));
  const Status passed_on = fail(failed.error());
  EXPECT_EQ(passed_on.error(), failed.error());
}

TEST(Result, EveryKindHasANameOfItsOwn) {
  std::set<std::string_view> names;
  for (int kind = 0; kind <= static_cast<int>(ErrorKind::kInternal); ++kind)
    names.insert(to_string(static_cast<ErrorKind>(kind)));
  EXPECT_EQ(names.size(), 11U);
  EXPECT_FALSE(names.contains("unknown error"));
}

}  // namespace
}  // namespace sallyport::base
