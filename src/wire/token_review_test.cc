#include "wire/token_review.h"

#include <gtest/gtest.h>

namespace sallyport::wire {
namespace {

TEST(TokenReviewTest, ReadsBothVersions) {
  for (const std::string version : {"authentication.k8s.io/v1", "authentication.k8s.io/v1beta1"}) {
    const auto review = parse_token_review(R"({"kind":"TokenReview","apiVersion":")" + version +
                                           R"(","metadata":{"creationTimestamp":null},"spec":{"token":"k8s-aws-v1.x",)"
                                           R"("audiences":["https://kubernetes.default.svc"]},"status":{"user":{}}})");
    ASSERT_TRUE(review) << version;
    EXPECT_EQ(review->api_version, version);
    EXPECT_EQ(review->token, "k8s-aws-v1.x");
  }
}

TEST(TokenReviewTest, NoTokenIsAnEmptyOne) {
  const auto review = parse_token_review(R"({"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":{}})");
  ASSERT_TRUE(review);
  EXPECT_EQ(review->token, "");
}

TEST(TokenReviewTest, NamesTheFieldThatIsWrongAndNotItsValue) {
  const auto field_of = [](std::string_view body) {
    const auto review = parse_token_review(body);
    EXPECT_FALSE(review) << body;
    EXPECT_EQ(review.error().message.find("secret"), std::string::npos);
    return review ? "" : review.error().field;
  };
  EXPECT_EQ(field_of(""), "");
  EXPECT_EQ(field_of("{secret"), "");
  EXPECT_EQ(field_of("[]"), "");
  EXPECT_EQ(field_of("{}"), "kind");
  EXPECT_EQ(field_of(R"({"kind":"secret"})"), "kind");
  EXPECT_EQ(field_of(R"({"kind":"SubjectAccessReview","apiVersion":"authorization.k8s.io/v1","spec":{}})"), "kind");
  EXPECT_EQ(field_of(R"({"kind":"TokenReview","apiVersion":"authentication.k8s.io/v2","spec":{}})"), "apiVersion");
  EXPECT_EQ(field_of(R"({"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1"})"), "spec");
  EXPECT_EQ(field_of(R"({"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":"secret"})"), "spec");
  EXPECT_EQ(field_of(R"({"kind":"TokenReview","apiVersion":"authentication.k8s.io/v1","spec":{"token":["secret"]}})"),
            "spec.token");
}

TEST(TokenReviewTest, AnswersInTheSameVersion) {
  EXPECT_EQ(render_token_review("authentication.k8s.io/v1beta1",
                                {"ann", "aws-iam-authenticator:1:AIDA", {"dev", "ops"}, {{"sessionName", ""}}}),
            R"({"apiVersion":"authentication.k8s.io/v1beta1","kind":"TokenReview","status":{"authenticated":true,)"
            R"("user":{"username":"ann","uid":"aws-iam-authenticator:1:AIDA","groups":["dev","ops"],)"
            R"("extra":{"sessionName":[""]}}}})");
  EXPECT_EQ(render_token_refusal("authentication.k8s.io/v1", "why"),
            R"({"apiVersion":"authentication.k8s.io/v1","kind":"TokenReview",)"
            R"("status":{"authenticated":false,"error":"why"}})");
}

}  // namespace
}  // namespace sallyport::wire
