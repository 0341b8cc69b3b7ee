#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "api/ec2/ec2_fixture.h"
#include "base/limits.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class TransitRoutes : public testing::Test {
 protected:
  std::string attach(const std::string& vpc, const std::string& block) {
    const std::string subnet = ec2_.made("CreateSubnet", "subnetId", {{"VpcId", vpc}, {"CidrBlock", block}});
    return ec2_.made("CreateTransitGatewayVpcAttachment", "transitGatewayAttachmentId",
                     {{"TransitGatewayId", gateway_}, {"VpcId", vpc}, {"SubnetIds.1", subnet}});
  }
  // "Create", "Replace" or "Delete"; no attachment: a black hole.
  Ec2Answer route(const std::string& verb, const std::string& destination, const std::string& attachment = {}) {
    wire::Pairs parameters = {{"TransitGatewayRouteTableId", table_}, {"DestinationCidrBlock", destination}};
    if (!attachment.empty()) parameters.emplace_back("TransitGatewayAttachmentId", attachment);
    if (attachment.empty() && verb != "Delete") parameters.emplace_back("Blackhole", "true");
    return ec2_.call(verb + "TransitGatewayRoute", parameters);
  }
  Ec2Answer search(const wire::Pairs& filters, const wire::Pairs& besides = {}) {
    wire::Pairs parameters = besides;
    parameters.emplace_back("TransitGatewayRouteTableId", table_);
    int number = 0;
    for (const auto& [name, value] : filters) {
      const std::string filter = "Filter." + std::to_string(++number);
      parameters.emplace_back(filter + ".Name", name);
      parameters.emplace_back(filter + ".Value.1", value);
    }
    return ec2_.call("SearchTransitGatewayRoutes", parameters);
  }
  std::vector<std::string> found(const wire::Pairs& filters) { return search(filters).texts("destinationCidrBlock"); }
  bool reaches(const std::string& vpc, const std::string& address) {
    return ec2_.vpc(vpc).connected_blocks.contains(base::IpAddress::parse(address).value());
  }

  Ec2World ec2_;
  const std::string one_ = ec2_.make_vpc("10.0.0.0/16");
  const std::string two_ = ec2_.make_vpc("10.9.0.0/16");
  const std::string gateway_ = ec2_.made("CreateTransitGateway", "transitGatewayId");
  const std::string table_ = ec2_.call("DescribeTransitGateways").text("associationDefaultRouteTableId");
  const std::string first_ = attach(one_, "10.0.0.0/24");
  const std::string second_ = attach(two_, "10.9.0.0/24");
};

TEST_F(TransitRoutes, AStaticRouteLeadsToItsAttachment) {
  const Ec2Answer made = route("Create", "192.168.0.0/16", second_);
  EXPECT_EQ(made.text("state"), "active");
  EXPECT_EQ(made.text("type"), "static");
  EXPECT_EQ(made.text("resourceId"), two_);
  EXPECT_TRUE(reaches(one_, "192.168.1.1"));
  EXPECT_FALSE(reaches(two_, "192.168.1.1")) << "it leads back";

  EXPECT_EQ(route("Create", "192.168.0.0/16", first_).code(), "RouteAlreadyExists");
  EXPECT_EQ(route("Replace", "192.168.0.0/16", first_).text("resourceId"), one_);
  EXPECT_FALSE(reaches(one_, "192.168.1.1"));
  EXPECT_TRUE(reaches(two_, "192.168.1.1"));

  EXPECT_EQ(route("Delete", "192.168.0.0/16").text("state"), "deleted");
  EXPECT_FALSE(reaches(two_, "192.168.1.1"));
  EXPECT_EQ(route("Delete", "192.168.0.0/16").code(), "InvalidRoute.NotFound");
  EXPECT_EQ(route("Replace", "192.168.0.0/16").code(), "InvalidRoute.NotFound");
  EXPECT_EQ(route("Delete", "10.9.0.0/16").code(), "InvalidRoute.NotFound") << "propagated, not static";
}

TEST_F(TransitRoutes, ABlackHoleComesBeforeWhatPropagates) {
  EXPECT_TRUE(reaches(one_, "10.9.1.1"));
  EXPECT_EQ(route("Create", "10.9.0.0/17").text("state"), "blackhole");
  EXPECT_FALSE(reaches(one_, "10.9.1.1"));
  EXPECT_TRUE(reaches(one_, "10.9.200.1"));
}

TEST_F(TransitRoutes, ARouteOutlivesItsAttachmentAsABlackHole) {
  route("Create", "192.168.0.0/16", second_);
  EXPECT_TRUE(ec2_.call("DeleteTransitGatewayVpcAttachment", {{"TransitGatewayAttachmentId", second_}}).ok());
  EXPECT_FALSE(reaches(one_, "192.168.1.1"));
  EXPECT_THAT(found({{"state", "blackhole"}}), ElementsAre("192.168.0.0/16"));
}

TEST_F(TransitRoutes, ARequestNamesOneTargetAtItsGateway) {
  EXPECT_EQ(route("Create", "192.168.0.0/16", "tgw-attach-x").code(), "InvalidTransitGatewayAttachmentID.NotFound");
  const std::string elsewhere = ec2_.made("CreateTransitGateway", "transitGatewayId");
  const std::string table =
      ec2_.call("DescribeTransitGateways", {{"TransitGatewayIds.1", elsewhere}}).text("associationDefaultRouteTableId");
  EXPECT_EQ(ec2_.call("CreateTransitGatewayRoute", {{"TransitGatewayRouteTableId", table},
                                                    {"DestinationCidrBlock", "192.168.0.0/16"},
                                                    {"TransitGatewayAttachmentId", first_}})
                .code(),
            "InvalidTransitGatewayAttachmentID.NotFound");
  EXPECT_EQ(ec2_.call("CreateTransitGatewayRoute",
                      {{"TransitGatewayRouteTableId", table_}, {"DestinationCidrBlock", "192.168.0.0/16"}})
                .code(),
            "InvalidParameterCombination");
  EXPECT_EQ(ec2_.call("CreateTransitGatewayRoute", {{"TransitGatewayRouteTableId", table_},
                                                    {"DestinationCidrBlock", "192.168.0.0/16"},
                                                    {"TransitGatewayAttachmentId", first_},
                                                    {"Blackhole", "true"}})
                .code(),
            "InvalidParameterCombination");
  const Ec2Answer host_bits = route("Create", "192.168.0.1/16", first_);
  EXPECT_EQ(host_bits.code(), "InvalidParameterValue");
  EXPECT_THAT(host_bits.message(), HasSubstr("192.168.0.0/16"));
  EXPECT_EQ(ec2_.call("CreateTransitGatewayRoute", {{"TransitGatewayRouteTableId", "tgw-rtb-x"},
                                                    {"DestinationCidrBlock", "192.168.0.0/16"},
                                                    {"Blackhole", "true"}})
                .code(),
            "InvalidRouteTableID.NotFound");
}

TEST_F(TransitRoutes, SearchFindsByTypeStateAndTarget) {
  route("Create", "192.168.0.0/16", second_);
  route("Create", "10.9.4.0/24");
  EXPECT_THAT(found({{"type", "propagated"}}), ElementsAre("10.0.0.0/16", "10.9.0.0/16"));
  EXPECT_THAT(found({{"type", "static"}}), ElementsAre("10.9.4.0/24", "192.168.0.0/16"));
  EXPECT_THAT(found({{"state", "active"}}), SizeIs(3));
  EXPECT_THAT(found({{"state", "blackhole"}, {"type", "static"}}), ElementsAre("10.9.4.0/24"));
  EXPECT_THAT(found({{"attachment.transit-gateway-attachment-id", second_}}),
              ElementsAre("10.9.0.0/16", "192.168.0.0/16"));
  EXPECT_THAT(found({{"attachment.resource-id", one_}}), ElementsAre("10.0.0.0/16"));
  EXPECT_THAT(found({{"attachment.resource-type", "vpn"}}), IsEmpty());
  EXPECT_EQ(search({}).code(), "MissingParameter");
  EXPECT_EQ(search({{"colour", "red"}}).code(), "InvalidParameterValue");
}

TEST_F(TransitRoutes, SearchComparesBlocks) {
  route("Create", "0.0.0.0/0", second_);
  route("Create", "10.9.4.0/24");
  EXPECT_THAT(found({{"route-search.exact-match", "10.9.0.0/16"}}), ElementsAre("10.9.0.0/16"));
  EXPECT_THAT(found({{"route-search.exact-match", "10.9.0.0/17"}}), IsEmpty());
  EXPECT_THAT(found({{"route-search.subnet-of-match", "10.9.0.0/16"}}), ElementsAre("10.9.0.0/16", "10.9.4.0/24"));
  EXPECT_THAT(found({{"route-search.supernet-of-match", "10.9.4.0/24"}}),
              ElementsAre("0.0.0.0/0", "10.9.0.0/16", "10.9.4.0/24"));
  EXPECT_THAT(found({{"route-search.longest-prefix-match", "10.9.4.7/32"}}), ElementsAre("10.9.4.0/24"));
  EXPECT_THAT(found({{"route-search.longest-prefix-match", "10.9.5.7/32"}}), ElementsAre("10.9.0.0/16"));
  EXPECT_THAT(found({{"route-search.longest-prefix-match", "10.9.5.7/32"}, {"type", "static"}}), IsEmpty());
  EXPECT_EQ(search({{"route-search.exact-match", "10.9.*"}}).code(), "InvalidParameterValue");
}

TEST_F(TransitRoutes, AStaticRouteHidesThePropagatedOneOfItsBlock) {
  route("Create", "10.9.0.0/16");
  const Ec2Answer both = search({{"route-search.exact-match", "10.9.0.0/16"}});
  EXPECT_THAT(both.texts("type"), ElementsAre("static"));
}

TEST_F(TransitRoutes, SearchComesInPages) {
  for (int i = 0; i < 9; ++i)
    route("Create", "192.168." + std::to_string(i) + ".0/24", second_);
  std::vector<std::string> all;
  wire::Pairs page = {{"MaxResults", "5"}};
  for (int pages = 0; pages < 3; ++pages) {
    const Ec2Answer answer = search({{"state", "active"}}, page);
    const auto blocks = answer.texts("destinationCidrBlock");
    all.insert(all.end(), blocks.begin(), blocks.end());
    EXPECT_EQ(answer.text("additionalRoutesAvailable"), pages < 2 ? "true" : "false");
    page = {{"MaxResults", "5"}, {"NextToken", answer.text("nextToken")}};
  }
  EXPECT_EQ(all, found({{"state", "active"}}));
  EXPECT_THAT(all, SizeIs(11));
  EXPECT_EQ(search({{"state", "active"}}, {{"NextToken", "forged"}}).code(), "InvalidNextToken");
}

TEST_F(TransitRoutes, ATableHoldsSoManyStaticRoutes) {
  model::TransitGateway full = *ec2_.world().find<model::TransitGateway>(model::TransitGatewayId(gateway_));
  for (std::size_t i = 0; i < base::limits::kTransitGatewayRoutes; ++i) {
    const auto address = base::IpAddress::v4(static_cast<std::uint32_t>(0xC0A80000 + i));
    full.routes.push_back({model::Cidr::of(address, 32), std::nullopt});
  }
  store::Transaction transaction;
  transaction.puts.emplace_back(full);
  ec2_.commit(std::move(transaction));
  EXPECT_EQ(route("Create", "172.16.0.0/16").code(), "RouteLimitExceeded");
  EXPECT_TRUE(route("Delete", "192.168.0.0/32").ok());
  EXPECT_TRUE(route("Create", "172.16.0.0/16").ok());
}

}  // namespace
}  // namespace sallyport::api::ec2
