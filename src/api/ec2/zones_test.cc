#include "api/ec2/zones.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::Contains;
using testing::ElementsAre;

TEST(Zones, AreNamedAsOnAws) {
  for (const auto& [region, id] : {std::pair("us-east-1", "use1-az1"),
                                   {"eu-west-3", "euw3-az1"},
                                   {"ap-northeast-1", "apne1-az1"},
                                   {"ap-southeast-2", "apse2-az1"},
                                   {"eu-central-1", "euc1-az1"},
                                   {"us-gov-west-1", "usgw1-az1"},
                                   {"cn-northwest-1", "cnnw1-az1"}}) {
    EXPECT_EQ(zones_of(model::Region(region)).front().id, id);
  }
}

TEST(Zones, AreDescribed) {
  Ec2World ec2;
  EXPECT_THAT(ec2.call("DescribeAvailabilityZones").texts("zoneName"),
              ElementsAre("us-east-1a", "us-east-1b", "us-east-1c"));
  EXPECT_THAT(ec2.call("DescribeAvailabilityZones", {{"ZoneId.1", "use1-az2"}}).texts("zoneName"),
              ElementsAre("us-east-1b"));
  EXPECT_THAT(ec2.call("DescribeAvailabilityZones", {{"Filter.1.Name", "state"}, {"Filter.1.Value.1", "impaired"}})
                  .texts("zoneName"),
              testing::IsEmpty());
  EXPECT_EQ(ec2.call("DescribeAvailabilityZones", {{"ZoneName.1", "us-east-1z"}}).code(), "InvalidParameterValue");
}

TEST(Regions, OnlyOurs) {
  Ec2World ec2;
  EXPECT_THAT(ec2.call("DescribeRegions").texts("regionName"), ElementsAre("us-east-1"));
  EXPECT_EQ(ec2.call("DescribeRegions", {{"RegionName.1", "eu-west-1"}}).code(), "InvalidParameterValue");
}

TEST(AccountAttributes, SayTheDefaultVpc) {
  Ec2World ec2;
  EXPECT_THAT(ec2.call("DescribeAccountAttributes").texts("attributeValue"), Contains("none"));
  const std::string vpc = ec2.add_default_vpc();
  EXPECT_THAT(ec2.call("DescribeAccountAttributes", {{"AttributeName.1", "default-vpc"}}).texts("attributeValue"),
              ElementsAre(vpc));
  EXPECT_THAT(
      ec2.call("DescribeAccountAttributes", {{"AttributeName.1", "supported-platforms"}}).texts("attributeValue"),
      ElementsAre("VPC"));
  EXPECT_EQ(ec2.call("DescribeAccountAttributes", {{"AttributeName.1", "colour"}}).code(), "InvalidParameterValue");
}

TEST(EmptySets, AnswerAndHoldNothing) {
  Ec2World ec2;
  const std::string vpc = ec2.add_default_vpc();
  for (const char* operation :
       {"DescribeVpcEndpoints", "DescribeVpcEndpointServices", "DescribeInternetGateways", "DescribeRouteTables",
        "DescribeNetworkAcls", "DescribeVpcClassicLink", "DescribeVpcClassicLinkDnsSupport"}) {
    const Ec2Answer answer = ec2.call(operation);
    EXPECT_TRUE(answer.ok()) << operation;
    EXPECT_EQ(answer.xml.find("<item>"), std::string::npos) << operation;
    EXPECT_EQ(ec2.call(operation, {{"Colour", "red"}}).code(), "UnknownParameter") << operation;
  }
  EXPECT_TRUE(ec2.call("DescribeRouteTables", {{"Filter.1.Name", "association.main"},
                                               {"Filter.1.Value.1", "true"},
                                               {"Filter.2.Name", "vpc-id"},
                                               {"Filter.2.Value.1", vpc}})
                  .ok());
  EXPECT_EQ(ec2.call("DescribeVpcEndpoints", {{"VpcEndpointId.1", "vpce-1"}}).code(), "InvalidVpcEndpointId.NotFound");
  EXPECT_EQ(ec2.call("DescribeNetworkAcls", {{"MaxResults", "4"}}).code(), "InvalidParameterValue");
}

}  // namespace
}  // namespace sallyport::api::ec2
