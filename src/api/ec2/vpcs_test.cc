#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(Vpcs, OneIsMadeWithItsGroupAndUsualOptions) {
  Ec2World ec2;
  const Ec2Answer made = ec2.call("CreateVpc", {{"CidrBlock", "10.0.0.0/16"},
                                                {"TagSpecification.1.ResourceType", "vpc"},
                                                {"TagSpecification.1.Tag.1.Key", "Name"},
                                                {"TagSpecification.1.Tag.1.Value", "a<b"}});
  ASSERT_TRUE(made.ok()) << made.message();
  EXPECT_EQ(made.text("cidrBlock"), "10.0.0.0/16");
  EXPECT_EQ(made.text("isDefault"), "false");
  EXPECT_EQ(made.text("tagSet"), "<item><key>Name</key><value>a&lt;b</value></item>");
  const std::string vpc = made.text("vpcId");
  EXPECT_THAT(ec2.vpc(vpc).domain_name_servers, ElementsAre("AmazonProvidedDNS"));
  EXPECT_EQ(ec2.group(ec2.default_group(vpc)).ingress.size(), 1U);
}

}  // namespace
}  // namespace sallyport::api::ec2
