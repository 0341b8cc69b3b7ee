#include "api/insight/insight_routes.h"

#include <gtest/gtest.h>

namespace sallyport::api::insight {
namespace {

TEST(InsightRoutes, FindsTheOperations) {
  EXPECT_EQ(find_route("GET", "/sallyport/clusters/prod/explain").operation, "Explain");
  EXPECT_EQ(find_route("GET", "/sallyport/clusters/a%2Fb/explain").cluster, "a/b");
  EXPECT_EQ(find_route("POST", "/sallyport/clusters/prod/preview-update").operation, "PreviewUpdate");
  EXPECT_EQ(find_route("POST", "/sallyport/clusters/prod/workplace").operation, "OpenWorkplace");
  EXPECT_EQ(find_route("GET", "/sallyport/clusters/prod/workplace").operation, "");
}

TEST(InsightRoutes, FindsNothingElse) {
  for (const char* path :
       {"/sallyport/clusters/prod", "/sallyport/clusters//explain", "/sallyport/clusters/%zz/explain",
        "/sallyport/clusters/prod/explain/", "/sallyport/clusters/prod/preview-update", "/clusters/prod/explain", "/"})
    EXPECT_EQ(find_route("GET", path).operation, "") << path;
  EXPECT_EQ(find_route("POST", "/sallyport/clusters/prod/explain").operation, "");
}

}  // namespace
}  // namespace sallyport::api::insight
