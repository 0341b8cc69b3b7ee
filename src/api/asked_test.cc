#include "api/asked.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

namespace sallyport::api {
namespace {

using testing::ElementsAre;
using testing::UnorderedElementsAre;

const model::AccountId kAccount("000000000000");
const model::Region kRegion("us-east-1");

class AskedTest : public testing::Test {
 protected:
  HttpRequest request(std::string method, std::string target, std::string body = {}) {
    HttpRequest made;
    made.method = std::move(method);
    made.target = std::move(target);
    made.body = std::move(body);
    made.source = *base::IpAddress::parse("203.0.113.7");
    made.headers = {{"User-Agent", "aws-cli/2"}};
    return made;
  }
  HttpRequest form(std::string body) {
    HttpRequest made = request("POST", "/", std::move(body));
    made.headers.emplace_back("Content-Type", "application/x-www-form-urlencoded");
    return made;
  }
  Asked asked(const char* service, const char* operation, const HttpRequest& http) {
    return asked_of(service, operation, http,
                    {.account = kAccount,
                     .region = kRegion,
                     .now = base::Time(base::Millis(1'764'000'000'000)),
                     .identities = identities_,
                     .principal = principal_,
                     .cluster_tags = [](const std::string& name) -> std::optional<model::Tags> {
                       if (name != "prod") return std::nullopt;
                       return model::Tags{{"team", "blue"}};
                     },
                     .network_tags = [](const std::string& id) -> std::optional<model::Tags> {
                       if (id != "sg-0a") return std::nullopt;
                       return model::Tags{{"keep", "yes"}};
                     }});
  }
  static std::vector<std::string> arns(const Asked& asked) {
    std::vector<std::string> all;
    for (const AskedResource& resource : asked.resources)
      all.push_back(resource.arn);
    return all;
  }

  model::IdentityObjects identities_;
  iam::Principal principal_;
};

TEST_F(AskedTest, EveryRequestSaysWhenAndWhence) {
  const Asked about = asked("eks", "ListClusters", request("GET", "/clusters"));
  EXPECT_EQ(about.action, "eks:ListClusters");
  EXPECT_THAT(arns(about), ElementsAre("*"));
  EXPECT_EQ(about.context.single("aws:SourceIp"), "203.0.113.7");
  EXPECT_EQ(about.context.single("aws:SecureTransport"), "false");
  EXPECT_EQ(about.context.single("aws:CurrentTime"), "2025-11-24T16:00:00.000Z");
  EXPECT_EQ(about.context.single("aws:EpochTime"), "1764000000");
  EXPECT_EQ(about.context.single("aws:RequestedRegion"), "us-east-1");
  EXPECT_EQ(about.context.single("aws:UserAgent"), "aws-cli/2");
}

TEST_F(AskedTest, ClustersByNameWithTheirTags) {
  const std::string prod = "arn:aws:eks:us-east-1:000000000000:cluster/prod";
  for (const auto& [operation, http] :
       {std::pair{"DescribeCluster", request("GET", "/clusters/prod")},
        {"UpdateClusterConfig", request("POST", "/clusters/prod/update-config", "{}")},
        {"DescribeUpdate", request("GET", "/clusters/prod/updates/u-1")},
        {"ListTagsForResource", request("GET", "/tags/arn%3Aaws%3Aeks%3Aus-east-1%3A000000000000%3Acluster%2Fprod")}}) {
    const Asked about = asked("eks", operation, http);
    EXPECT_THAT(arns(about), ElementsAre(prod)) << operation;
    EXPECT_EQ(about.resources.front().tags.at("team"), "blue") << operation;
  }
  EXPECT_TRUE(asked("eks", "DescribeCluster", request("GET", "/clusters/none")).resources.front().tags.empty());
}

TEST_F(AskedTest, ACreationSaysItsNameAndTags) {
  const Asked about = asked("eks", "CreateCluster",
                            request("POST", "/clusters", R"({"name": "new", "tags": {"team": "red", "cost": "1"}})"));
  EXPECT_THAT(arns(about), ElementsAre("arn:aws:eks:us-east-1:000000000000:cluster/new"));
  EXPECT_EQ(about.context.single("aws:RequestTag/team"), "red");
  EXPECT_THAT(*about.context.find("aws:tagkeys"), UnorderedElementsAre("team", "cost"));
  EXPECT_THAT(arns(asked("eks", "CreateCluster", request("POST", "/clusters", "not JSON"))), ElementsAre("*"));
}

TEST_F(AskedTest, UntaggingSaysTheKeys) {
  const Asked about = asked("eks", "UntagResource", request("DELETE", "/tags/arn%3Ax?tagKeys=a&tagKeys=b"));
  EXPECT_THAT(arns(about), ElementsAre("arn:x"));
  EXPECT_THAT(*about.context.find("aws:tagkeys"), UnorderedElementsAre("a", "b"));
}

TEST_F(AskedTest, ThingsOfEc2ByTheirIds) {
  const Asked rule = asked("ec2", "AuthorizeSecurityGroupIngress",
                           form("Action=AuthorizeSecurityGroupIngress&GroupId=sg-0a&IpPermissions.1.IpProtocol=tcp"));
  EXPECT_THAT(arns(rule), ElementsAre("arn:aws:ec2:us-east-1:000000000000:security-group/sg-0a"));
  EXPECT_EQ(rule.resources.front().tags.at("keep"), "yes");
  const Asked subnet = asked("ec2", "CreateSubnet", form("Action=CreateSubnet&VpcId=vpc-0b&CidrBlock=10.0.0.0/24"));
  EXPECT_THAT(arns(subnet), UnorderedElementsAre("arn:aws:ec2:us-east-1:000000000000:vpc/vpc-0b",
                                                 "arn:aws:ec2:us-east-1:000000000000:subnet/*"));
  const Asked attachment =
      asked("ec2", "CreateTransitGatewayRoute",
            form("Action=X&TransitGatewayRouteTableId=tgw-rtb-0c&TransitGatewayAttachmentId=tgw-attach-0d"));
  EXPECT_THAT(arns(attachment),
              UnorderedElementsAre("arn:aws:ec2:us-east-1:000000000000:transit-gateway-route-table/tgw-rtb-0c",
                                   "arn:aws:ec2:us-east-1:000000000000:transit-gateway-attachment/tgw-attach-0d"));
  EXPECT_THAT(arns(asked("ec2", "DescribeVpcs", form("Action=DescribeVpcs&VpcId.1=vpc-0b"))), ElementsAre("*"));
}

TEST_F(AskedTest, TagsOfEc2Requests) {
  const Asked tagged =
      asked("ec2", "CreateTags", form("Action=CreateTags&ResourceId.1=vpc-0b&Tag.1.Key=a&Tag.1.Value=1"));
  EXPECT_EQ(tagged.context.single("aws:RequestTag/a"), "1");
  const Asked made = asked("ec2", "CreateVpc",
                           form("Action=CreateVpc&TagSpecification.1.ResourceType=vpc&TagSpecification.1.Tag.1.Key=b&"
                                "TagSpecification.1.Tag.1.Value=2"));
  EXPECT_EQ(made.context.single("aws:RequestTag/b"), "2");
}

TEST_F(AskedTest, IdentitiesByNameAndPath) {
  model::IamUser ann;
  ann.id = model::IamUserId("AIDA1");
  ann.name = "ann";
  ann.path = "/team/";
  ann.tags = {{"team", "blue"}};
  std::get<model::Table<model::IamUser>>(identities_)[ann.id] = std::make_shared<const model::IamUser>(ann);
  const Asked about = asked("iam", "GetUser", form("Action=GetUser&UserName=Ann"));
  EXPECT_THAT(arns(about), ElementsAre("arn:aws:iam::000000000000:user/team/ann"));
  EXPECT_EQ(about.resources.front().tags.at("team"), "blue");
  EXPECT_THAT(arns(asked("iam", "CreateUser", form("Action=CreateUser&UserName=bob&Path=/x/"))),
              ElementsAre("arn:aws:iam::000000000000:user/x/bob"));
  EXPECT_THAT(arns(asked("iam", "GetPolicy", form("Action=GetPolicy&PolicyArn=arn:aws:iam::aws:policy/A"))),
              ElementsAre("arn:aws:iam::aws:policy/A"));
  EXPECT_THAT(arns(asked("iam", "ListUsers", form("Action=ListUsers"))), ElementsAre("*"));
  principal_.user = ann.id;
  principal_.arn = model::Arn("arn:aws:iam::000000000000:user/team/ann");
  EXPECT_THAT(arns(asked("iam", "CreateAccessKey", form("Action=CreateAccessKey"))), ElementsAre(principal_.arn.str()));
  EXPECT_THAT(arns(asked("iam", "ListUsers", form("Action=ListUsers"))), ElementsAre("*"));
}

TEST_F(AskedTest, ARoleToAssume) {
  EXPECT_THAT(arns(asked("sts", "AssumeRole", form("Action=AssumeRole&RoleArn=arn:aws:iam::000000000000:role/ops"))),
              ElementsAre("arn:aws:iam::000000000000:role/ops"));
}

}  // namespace
}  // namespace sallyport::api
