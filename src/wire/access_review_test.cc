#include "wire/access_review.h"

#include <gtest/gtest.h>

namespace sallyport::wire {
namespace {

std::string body(const std::string& spec, const std::string& version = "v1") {
  return R"({"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/)" + version +
         R"(","metadata":{"creationTimestamp":null},"spec":)" + spec + R"(,"status":{"allowed":false}})";
}

TEST(AccessReviewTest, ReadsAResource) {
  const auto review = parse_access_review(body(
      R"({"resourceAttributes":{"namespace":"web","verb":"get","group":"apps","version":"v1","resource":"deployments",)"
      R"("subresource":"scale","name":"a","labelSelector":{"requirements":[]}},"user":"ann","group":["dev"],)"
      R"("extra":{"canonicalArn":["arn"],"sessionName":[""]},"uid":"u"})",
      "v1beta1"));
  ASSERT_TRUE(review);
  EXPECT_EQ(review->api_version, "authorization.k8s.io/v1beta1");
  EXPECT_EQ(review->user, "ann");
  EXPECT_EQ(review->verb, "get");
  EXPECT_EQ(review->resource, (ResourceAccess{"apps", "deployments", "scale", "web"}));
  const std::map<std::string, std::vector<std::string>> extra{{"canonicalArn", {"arn"}}, {"sessionName", {""}}};
  EXPECT_EQ(review->extra, extra);
}

TEST(AccessReviewTest, ReadsAPath) {
  const auto review = parse_access_review(body(R"({"nonResourceAttributes":{"path":"/api","verb":"get"},"user":"a"})"));
  ASSERT_TRUE(review);
  EXPECT_FALSE(review->resource);
  EXPECT_EQ(review->path, "/api");
  EXPECT_EQ(review->verb, "get");
}

TEST(AccessReviewTest, RefusesWhatIsNeitherOrBothOrOfAnotherType) {
  const auto field_of = [](const std::string& spec) {
    const auto review = parse_access_review(body(spec));
    EXPECT_FALSE(review) << spec;
    return review ? "" : review.error().field;
  };
  EXPECT_EQ(field_of(R"({"user":"a"})"), "spec.resourceAttributes");
  EXPECT_EQ(field_of(R"({"resourceAttributes":{},"nonResourceAttributes":{}})"), "spec.resourceAttributes");
  EXPECT_EQ(field_of(R"({"resourceAttributes":{"verb":1}})"), "spec.resourceAttributes.verb");
  EXPECT_EQ(field_of(R"({"resourceAttributes":{},"user":{}})"), "spec.user");
  EXPECT_EQ(field_of(R"({"resourceAttributes":{},"extra":[]})"), "spec.extra");
  EXPECT_EQ(field_of(R"({"resourceAttributes":{},"extra":{"a":"b"}})"), "spec.extra.a");
  EXPECT_FALSE(parse_access_review(R"({"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":{}})"));
}

TEST(AccessReviewTest, NeverDenies) {
  EXPECT_EQ(render_access_review("authorization.k8s.io/v1", false, "why"),
            R"({"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview",)"
            R"("status":{"allowed":false,"denied":false,"reason":"why"}})");
  EXPECT_EQ(render_access_review("authorization.k8s.io/v1beta1", true, ""),
            R"({"apiVersion":"authorization.k8s.io/v1beta1","kind":"SubjectAccessReview",)"
            R"("status":{"allowed":true,"denied":false,"reason":""}})");
}

}  // namespace
}  // namespace sallyport::wire
