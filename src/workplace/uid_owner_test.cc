#include "workplace/uid_owner.h"

#include <gtest/gtest.h>

namespace sallyport::workplace {
namespace {

TEST(UidOwner, NamesWhoHasAnIdOfTheRange) {
  const auto root = nobody_has({0, 5});
  ASSERT_FALSE(root);
  EXPECT_NE(root.error().message.find("root"), std::string::npos) << root.error().message;
  EXPECT_TRUE(nobody_has({2'000'000'000, 2'000'000'063}));
}

}  // namespace
}  // namespace sallyport::workplace
