#include "api/page_token.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sallyport::api {
namespace {

RC_GTEST_PROP(PageTokenProperty, OpensToWhatWasSealed,
              (const std::string& key, const std::string& purpose, const std::string& position)) {
  RC_ASSERT(open_page_token(key, purpose, seal_page_token(key, purpose, position)) == position);
}

RC_GTEST_PROP(PageTokenProperty, AChangedCharacterIsRefused, (const std::string& position)) {
  std::string token = seal_page_token("key", "ListClusters", position);
  const auto at = *rc::gen::inRange<std::size_t>(0, token.size());
  const char letter = *rc::gen::arbitrary<char>();
  RC_PRE(token[at] != letter);
  token[at] = letter;
  RC_ASSERT(!open_page_token("key", "ListClusters", token).has_value());
}

TEST(PageToken, BelongsToItsKeyAndPurpose) {
  const std::string token = seal_page_token("key", "ListUpdates a", "b");
  EXPECT_FALSE(open_page_token("other", "ListUpdates a", token).has_value());
  EXPECT_FALSE(open_page_token("key", "ListUpdates b", token).has_value());
  EXPECT_NE(token, seal_page_token("key", "ListUpdates ", "ab"));
}

TEST(PageToken, GarbageIsAnInvalidParameterOfTheField) {
  for (const std::string& bad : {std::string(), std::string("x"), std::string("AAAA"), std::string("===="),
                                 std::string(40, 'A'), std::string(1'000'000, 'A')}) {
    const auto opened = open_page_token("key", "ListClusters", bad);
    ASSERT_FALSE(opened.has_value());
    EXPECT_EQ(opened.error().kind, base::ErrorKind::kInvalidParameter);
    EXPECT_EQ(opened.error().field, "nextToken");
  }
}

TEST(PageToken, IsFitForAQueryString) {
  const std::string token = seal_page_token("key", "p", std::string("\xff\xfe\x00?&/", 6));
  EXPECT_EQ(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
            std::string::npos);
}

}  // namespace
}  // namespace sallyport::api
