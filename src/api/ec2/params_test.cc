#include "api/ec2/params.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sallyport::api::ec2 {
namespace {

TEST(Ec2Params, BlocksAreCanonical) {
  const auto params = params_of({{"C", "10.0.0.0/16"}, {"H", "10.0.0.1/16"}}).value();
  EXPECT_EQ(required_cidr_in(params, "C").value().to_string(), "10.0.0.0/16");
  EXPECT_THAT(cidr_in(params, "H").error().message, testing::HasSubstr("10.0.0.0/16"));
  EXPECT_EQ(cidr_in(params, "None").value(), std::nullopt);
  EXPECT_EQ(required_cidr_in(params, "None").error().code, "MissingParameter");
}

}  // namespace
}  // namespace sallyport::api::ec2
