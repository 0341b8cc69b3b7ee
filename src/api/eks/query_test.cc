#include "api/eks/query.h"

#include <gtest/gtest.h>

namespace sallyport::api::eks {
namespace {

base::Result<std::size_t> max_results_of(std::string_view text) {
  const auto query = Query::parse(text, {"maxResults", "nextToken"});
  if (!query) return base::fail(query.error());
  return query->max_results();
}

TEST(Query, MaxResults) {
  EXPECT_EQ(max_results_of("").value(), 100U);
  EXPECT_EQ(max_results_of("maxResults=").value(), 100U);
  EXPECT_EQ(max_results_of("maxResults=1").value(), 1U);
  EXPECT_EQ(max_results_of("nextToken=x&maxResults=100").value(), 100U);
  for (const char* bad : {"maxResults=0", "maxResults=101", "maxResults=-1", "maxResults=1.5", "maxResults=1x",
                          "maxResults=%20", "maxResults=99999999999999999999999"}) {
    const auto refused = max_results_of(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().message.substr(0, 53), "maxResults must be a whole number from 1 to 100, is '") << bad;
  }
  EXPECT_EQ(max_results_of("maxResults=1&maxResults=2").error().message,
            "maxResults is given more than once; give it once");
}

TEST(Query, KnowsItsNames) {
  EXPECT_EQ(max_results_of("maxresults=1").error().message,
            "query parameter 'maxresults' is not known; the parameters here are: maxResults, nextToken");
  EXPECT_TRUE(max_results_of("X-Amz-Date=20261124T143000Z&X-Amz-Signature=00&x-id=ListClusters"));
  EXPECT_FALSE(max_results_of("nextToken=%"));
  EXPECT_FALSE(max_results_of("nextToken=%FF"));
}

TEST(Query, RepeatedAndDecodedValues) {
  const auto query = Query::parse("tagKeys=a%2Fb&tagKeys=c+d&tagKeys=", {"tagKeys"});
  ASSERT_TRUE(query);
  EXPECT_EQ(query->all("tagKeys"), (std::vector<std::string>{"a/b", "c+d", ""}));
}

}  // namespace
}  // namespace sallyport::api::eks
