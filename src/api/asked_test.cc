#include "api/asked.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "wire/uri.h"

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
    return asked_of(
        service, operation, http,
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
         },
         .network_id = [](std::string_view parameter, const std::string& value) -> std::optional<std::string> {
           if (parameter != "GroupName" || value != "prod") return std::nullopt;
           return "sg-0a";
         },
         .access_entry = [this](const Surroundings::PickEntry& pick) -> std::optional<model::AccessEntry> {
           const auto* found = pick(identities_);
           return found == nullptr ? std::nullopt : std::optional(*found);
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

TEST_F(AskedTest, WhatEc2RequestsNameAndNothingThatOnlyLooksSo) {
  const Asked rule = asked("ec2", "AuthorizeSecurityGroupIngress",
                           form("Action=AuthorizeSecurityGroupIngress&GroupName=prod&IpPermissions.1.IpRanges.1."
                                "Description=sg-0b&IpPermissions.1.UserIdGroupPairs.1.GroupId=sg-0c"));
  EXPECT_THAT(arns(rule), UnorderedElementsAre("arn:aws:ec2:us-east-1:000000000000:security-group/sg-0a",
                                               "arn:aws:ec2:us-east-1:000000000000:security-group/sg-0c"));
  EXPECT_THAT(arns(asked("ec2", "DeleteSecurityGroup", form("Action=DeleteSecurityGroup&GroupName=none"))),
              ElementsAre("*"));
  EXPECT_THAT(arns(asked("ec2", "CreateSecurityGroup", form("Action=CreateSecurityGroup&GroupName=prod"))),
              ElementsAre("arn:aws:ec2:us-east-1:000000000000:security-group/*"));
}

TEST_F(AskedTest, UntaggingOfIdentitiesSaysTheKeys) {
  const Asked about = asked("iam", "UntagUser", form("Action=UntagUser&UserName=ann&TagKeys.member.1=team"));
  EXPECT_THAT(*about.context.find("aws:tagkeys"), ElementsAre("team"));
}

TEST_F(AskedTest, ARenamedUserIsAskedAboutAsWhoItWillBe) {
  const Asked about =
      asked("iam", "UpdateUser", form("Action=UpdateUser&UserName=dev&NewUserName=alice&NewPath=%2Fops%2F"));
  EXPECT_THAT(arns(about),
              ElementsAre("arn:aws:iam::000000000000:user/dev", "arn:aws:iam::000000000000:user/ops/alice"));
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

class AskedOfEntries : public AskedTest {
 protected:
  AskedOfEntries() {
    model::AccessEntry ann;
    ann.cluster = model::ClusterName("prod");
    ann.principal = model::Arn(kAnn);
    ann.id = model::access_entry_id(ann.cluster, ann.principal);
    ann.username = "ann";
    ann.groups = {"viewers", "editors"};
    ann.uuid = "u-1";
    ann.tags = {{"team", "red"}};
    ann.policies = {{.policy = model::Arn(kView),
                     .scope = {.whole_cluster = false, .namespaces = {"dev", "test"}},
                     .associated_at = {},
                     .modified_at = {}}};
    std::get<model::Table<model::AccessEntry>>(identities_)[ann.id] = std::make_shared<const model::AccessEntry>(ann);
  }
  static std::string path(const std::string& principal, const std::string& more = {}) {
    return "/clusters/prod/access-entries/" + wire::percent_encode(principal) + more;
  }

  static constexpr const char* kAnn = "arn:aws:iam::000000000000:user/ann";
  static constexpr const char* kBob = "arn:aws:iam::000000000000:user/bob";
  static constexpr const char* kView = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy";
  static constexpr const char* kEntry =
      "arn:aws:eks:us-east-1:000000000000:access-entry/prod/user/000000000000/ann/u-1";
};

TEST_F(AskedOfEntries, TheEntryWithItsTagsAndKeys) {
  for (const auto& [operation, http] :
       {std::pair{"DescribeAccessEntry", request("GET", path(kAnn))},
        {"UpdateAccessEntry", request("POST", path(kAnn), "{}")},
        {"DeleteAccessEntry", request("DELETE", path(kAnn))},
        {"ListAssociatedAccessPolicies", request("GET", path(kAnn, "/access-policies"))},
        {"TagResource", request("POST", "/tags/" + wire::percent_encode(kEntry), R"({"tags":{"a":"b"}})")}}) {
    const Asked about = asked("eks", operation, http);
    EXPECT_THAT(arns(about), ElementsAre(kEntry)) << operation;
    EXPECT_EQ(about.resources[0].tags, (model::Tags{{"team", "red"}}));
    EXPECT_EQ(about.context.single("eks:clusterName"), "prod");
    EXPECT_EQ(about.context.single("eks:principalArn"), kAnn);
    EXPECT_EQ(about.context.single("eks:accessEntryType"), "STANDARD");
    EXPECT_EQ(about.context.single("eks:username"), "ann");
    EXPECT_THAT(*about.context.find("eks:kubernetesgroups"), ElementsAre("viewers", "editors"));
  }
}

TEST_F(AskedOfEntries, AChangeIsAboutWhatTheEntryIsToBe) {
  const Asked about = asked("eks", "UpdateAccessEntry",
                            request("POST", path(kAnn), R"({"kubernetesGroups":["admins"],"username":"root"})"));
  EXPECT_THAT(arns(about), ElementsAre(kEntry));
  EXPECT_EQ(about.context.single("eks:username"), "root");
  EXPECT_THAT(*about.context.find("eks:kubernetesgroups"), ElementsAre("admins"));
}

TEST_F(AskedOfEntries, OneThatIsMissingIsAskedAboutToo) {
  const Asked about = asked("eks", "DescribeAccessEntry", request("GET", path(kBob)));
  EXPECT_THAT(arns(about), ElementsAre("arn:aws:eks:us-east-1:000000000000:access-entry/prod/user/000000000000/bob/*"));
  EXPECT_EQ(about.context.single("eks:principalArn"), kBob);
  EXPECT_EQ(about.context.find("eks:username"), nullptr);
}

TEST_F(AskedOfEntries, MakingAndListingAreAboutTheCluster) {
  const std::string prod = "arn:aws:eks:us-east-1:000000000000:cluster/prod";
  EXPECT_THAT(arns(asked("eks", "ListAccessEntries", request("GET", "/clusters/prod/access-entries"))),
              ElementsAre(prod));
  const Asked about = asked("eks", "CreateAccessEntry",
                            request("POST", "/clusters/prod/access-entries",
                                    R"({"principalArn":"arn:x","kubernetesGroups":["a"],"tags":{"k":"v"}})"));
  EXPECT_THAT(arns(about), ElementsAre(prod));
  EXPECT_EQ(about.resources[0].tags, (model::Tags{{"team", "blue"}})) << "of the cluster";
  EXPECT_EQ(about.context.single("eks:principalArn"), "arn:x");
  EXPECT_EQ(about.context.single("eks:accessEntryType"), "STANDARD");
  EXPECT_EQ(about.context.find("eks:username"), nullptr);
  EXPECT_THAT(*about.context.find("eks:kubernetesgroups"), ElementsAre("a"));
  EXPECT_EQ(about.context.single("aws:RequestTag/k"), "v");
  EXPECT_THAT(arns(asked("eks", "ListAccessPolicies", request("GET", "/access-policies"))), ElementsAre("*"));
}

TEST_F(AskedOfEntries, AssociationsSayPolicyAndScope) {
  const Asked made =
      asked("eks", "AssociateAccessPolicy",
            request("POST", path(kAnn, "/access-policies"),
                    R"({"policyArn":"arn:p","accessScope":{"type":"namespace","namespaces":["a","b"]}})"));
  EXPECT_THAT(arns(made), ElementsAre(kEntry));
  EXPECT_EQ(made.context.single("eks:policyArn"), "arn:p");
  EXPECT_EQ(made.context.single("eks:accessScope"), "namespace");
  EXPECT_THAT(*made.context.find("eks:namespaces"), ElementsAre("a", "b"));

  const Asked ended = asked("eks", "DisassociateAccessPolicy",
                            request("DELETE", path(kAnn, "/access-policies/" + wire::percent_encode(kView))));
  EXPECT_EQ(ended.context.single("eks:policyArn"), kView);
  EXPECT_EQ(ended.context.single("eks:accessScope"), "namespace");
  EXPECT_THAT(*ended.context.find("eks:namespaces"), ElementsAre("dev", "test"));
}

TEST_F(AskedOfEntries, TheAccessConfigOfClusters) {
  const Asked created = asked("eks", "CreateCluster",
                              request("POST", "/clusters",
                                      R"({"name":"x","accessConfig":{"authenticationMode":"API",)"
                                      R"("bootstrapClusterCreatorAdminPermissions":false}})"));
  EXPECT_EQ(created.context.single("eks:authenticationMode"), "API");
  EXPECT_EQ(created.context.single("eks:bootstrapClusterCreatorAdminPermissions"), "false");
  const Asked updated =
      asked("eks", "UpdateClusterConfig",
            request("POST", "/clusters/prod/update-config", R"({"accessConfig":{"authenticationMode":"API"}})"));
  EXPECT_EQ(updated.context.single("eks:authenticationMode"), "API");
}

}  // namespace
}  // namespace sallyport::api
