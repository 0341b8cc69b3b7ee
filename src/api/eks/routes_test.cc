#include "api/eks/routes.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace sallyport::api::eks {
namespace {

using Labels = std::vector<std::string>;

TEST(Routes, FindTheOperationAndItsLabels) {
  struct Row {
    const char* method;
    const char* path;
    const char* operation;
    Labels labels;
  };
  for (const Row& row : std::vector<Row>{
           {"POST", "/clusters", "CreateCluster", {}},
           {"GET", "/clusters", "ListClusters", {}},
           {"GET", "/clusters/a", "DescribeCluster", {"a"}},
           {"DELETE", "/clusters/a", "DeleteCluster", {"a"}},
           {"POST", "/clusters/a/update-config", "UpdateClusterConfig", {"a"}},
           {"GET", "/clusters/a/updates", "ListUpdates", {"a"}},
           {"GET", "/clusters/a/updates/u", "DescribeUpdate", {"a", "u"}},
           {"POST",
            "/tags/arn%3Aaws%3Aeks%3Aus-east-1%3A000000000000%3Acluster%2Fa",
            "TagResource",
            {"arn:aws:eks:us-east-1:000000000000:cluster/a"}},
           {"GET", "/tags/x", "ListTagsForResource", {"x"}},
           {"DELETE", "/tags/x", "UntagResource", {"x"}},
           {"GET", "/clusters/a%20b", "DescribeCluster", {"a b"}},
           {"POST", "/clusters/a/node-groups", "CreateNodegroup", {"a"}},
           {"GET", "/clusters/a/addons/b", "DescribeAddon", {"a", "b"}},
           {"PUT", "/clusters", "", {}},
           {"get", "/clusters", "", {}},
           {"GET", "/clusters/", "", {}},
           {"GET", "//clusters", "", {}},
           {"GET", "clusters", "", {}},
           {"GET", "", "", {}},
           {"GET", "/clusters/a/", "", {}},
           {"GET", "/clusters/a/b", "", {}},
           {"GET", "/tags/arn:aws:eks:us-east-1:000000000000:cluster/a", "", {}},
           {"GET", "/clusters/%zz", "", {}},
           {"DELETE", "/%63lusters/a", "", {}},
           {"POST", "/clusters/a/%75pdate-config", "", {}},
           {"GET", "/clusters/%4", "", {}},
           {"GET", "/clusters/%FF", "", {}},
       }) {
    const Route route = find_route(row.method, row.path);
    EXPECT_EQ(route.operation, row.operation) << row.method << " " << row.path;
    EXPECT_EQ(route.labels, row.labels) << row.path;
  }
}

RC_GTEST_PROP(Routes, AnyPathIsFoundOrNot, (const std::string& path)) {
  const Route route = find_route("GET", "/clusters/" + path);
  if (route.operation == "DescribeCluster") RC_ASSERT(route.labels.size() == 1U);
}

}  // namespace
}  // namespace sallyport::api::eks
