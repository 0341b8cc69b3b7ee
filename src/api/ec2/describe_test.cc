#include "api/ec2/describe.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

class Describe : public testing::Test {
 protected:
  void SetUp() override {
    for (int i = 0; i < 12; ++i)
      ids_.push_back(ec2_.make_vpc("10." + std::to_string(i) + ".0.0/16"));
    std::ranges::sort(ids_);
  }
  Ec2World ec2_;
  std::vector<std::string> ids_;
};

TEST_F(Describe, WithoutMaxResultsEverythingIsOnePage) {
  const Ec2Answer all = ec2_.call("DescribeVpcs");
  EXPECT_EQ(all.texts("vpcId"), ids_);
  EXPECT_EQ(all.text("nextToken"), "");
}

TEST_F(Describe, PagesHoldEveryVpcOnce) {
  std::vector<std::string> seen;
  std::vector<std::size_t> sizes;
  wire::Pairs parameters{{"MaxResults", "5"}};
  for (;;) {
    const Ec2Answer page = ec2_.call("DescribeVpcs", parameters);
    ASSERT_TRUE(page.ok()) << page.message();
    const auto found = page.texts("vpcId");
    sizes.push_back(found.size());
    seen.insert(seen.end(), found.begin(), found.end());
    if (page.text("nextToken").empty()) break;
    parameters = {{"MaxResults", "5"}, {"NextToken", page.text("nextToken")}};
  }
  EXPECT_THAT(sizes, ElementsAre(5, 5, 2));
  EXPECT_EQ(seen, ids_);
}

TEST_F(Describe, AFullLastPageHasNoToken) {
  EXPECT_EQ(ec2_.call("DescribeVpcs", {{"MaxResults", "12"}}).text("nextToken"), "");
}

TEST_F(Describe, APageGoesOnWhereItsFirstThingWasDeleted) {
  const std::string token = ec2_.call("DescribeVpcs", {{"MaxResults", "5"}}).text("nextToken");
  ec2_.made("DeleteVpc", "return", {{"VpcId", ids_[4]}});
  ec2_.made("DeleteVpc", "return", {{"VpcId", ids_[5]}});
  EXPECT_EQ(ec2_.call("DescribeVpcs", {{"MaxResults", "5"}, {"NextToken", token}}).texts("vpcId").front(), ids_[6]);
}

TEST_F(Describe, FilteredPagesAreFull) {
  const Ec2Answer page =
      ec2_.call("DescribeVpcs", {{"Filter.1.Name", "cidr"}, {"Filter.1.Value.1", "10.1*"}, {"MaxResults", "5"}});
  EXPECT_THAT(page.texts("vpcId"), SizeIs(3));  // 10.1, 10.10, 10.11
}

TEST_F(Describe, RefusesForgedAndForeignTokensAndPageSizes) {
  const std::string token = ec2_.call("DescribeVpcs", {{"MaxResults", "5"}}).text("nextToken");
  EXPECT_EQ(ec2_.call("DescribeVpcs", {{"NextToken", "x" + token}}).code(), "InvalidNextToken");
  EXPECT_EQ(ec2_.call("DescribeSubnets", {{"NextToken", token}}).code(), "InvalidNextToken");
  for (const char* size : {"4", "0", "-1", "1001", "many"})
    EXPECT_EQ(ec2_.call("DescribeVpcs", {{"MaxResults", size}}).code(), "InvalidParameterValue") << size;
}

TEST_F(Describe, NamedOnesMustExist) {
  EXPECT_THAT(ec2_.call("DescribeVpcs", {{"VpcId.1", ids_[3]}, {"VpcId.2", ids_[3]}}).texts("vpcId"),
              ElementsAre(ids_[3]));
  const Ec2Answer refused = ec2_.call("DescribeVpcs", {{"VpcId.1", ids_[3]}, {"VpcId.2", "vpc-0"}});
  EXPECT_EQ(refused.code(), "InvalidVpcID.NotFound");
}

TEST_F(Describe, ARefusalQuotesALittleOfAnId) {
  const Ec2Answer refused = ec2_.call("DescribeVpcs", {{"VpcId.1", std::string(100'000, 'v')}});
  EXPECT_EQ(refused.code(), "InvalidVpcID.NotFound");
  EXPECT_LT(refused.message().size(), 200U);
  EXPECT_LT(ec2_.call("DeleteDhcpOptions", {{"DhcpOptionsId", std::string(100'000, 'd')}}).message().size(), 200U);
}

TEST_F(Describe, FactsAreAskedForOnlyWhereThereAreFilters) {
  base::SystemEntropy entropy;
  const DeletedConnections deleted;
  const model::AccountId account("000000000000");
  const auto facts_made_for = [&](const wire::Pairs& pairs) {
    const auto params = params_of(pairs);
    const Context context{.world = ec2_.world(),
                          .params = *params,
                          .account = account,
                          .now = ec2_.now,
                          .entropy = entropy,
                          .token_key = "token key",
                          .deleted_connections = deleted};
    int made = 0;
    const auto outcome = describe<model::Vpc>(
        context, {"DescribeVpcs", "VpcId", "InvalidVpcID.NotFound", "vpc ID", "vpcSet"}, ec2_.world().vpcs, {"vpc-id"},
        [&](const model::Vpc& vpc) {
          ++made;
          return Facts{{"vpc-id", vpc.id.str()}};
        },
        [](Xml&, const model::Vpc&) {});
    EXPECT_TRUE(outcome);
    return made;
  };
  EXPECT_EQ(facts_made_for({}), 0);
  EXPECT_EQ(facts_made_for({{"Filter.1.Name", "vpc-id"}, {"Filter.1.Value.1", ids_[0]}}), 12);
}

TEST_F(Describe, RefusesUnknownParametersAndStopsAtDryRun) {
  EXPECT_EQ(ec2_.call("DescribeVpcs", {{"Colour", "red"}}).code(), "UnknownParameter");
  const int before = ec2_.commits;
  const Ec2Answer dry = ec2_.call("CreateVpc", {{"CidrBlock", "10.99.0.0/16"}, {"DryRun", "true"}});
  EXPECT_EQ(dry.code(), "DryRunOperation");
  EXPECT_EQ(dry.fault->status, 412);
  EXPECT_EQ(ec2_.call("CreateVpc", {{"CidrBlock", "10.99.0.0/16"}, {"Colour", "red"}}).code(), "UnknownParameter");
  EXPECT_EQ(ec2_.commits, before);
}

}  // namespace
}  // namespace sallyport::api::ec2
