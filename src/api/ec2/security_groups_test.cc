#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"
#include "base/limits.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::MatchesRegex;
using testing::UnorderedElementsAre;

class SecurityGroups : public testing::Test {
 protected:
  std::string make(const std::string& name, const std::string& vpc = {}) {
    return ec2_.made("CreateSecurityGroup", "groupId",
                     {{"GroupName", name}, {"GroupDescription", "for " + name}, {"VpcId", vpc}});
  }
  // The ids that DescribeSecurityGroups tells for one filter.
  std::vector<std::string> filtered(const std::string& name, const std::string& value) {
    return ec2_.call("DescribeSecurityGroups", {{"Filter.1.Name", name}, {"Filter.1.Value.1", value}}).texts("groupId");
  }
  Ec2Answer refused(const std::string& name, const std::string& description = "words") {
    return ec2_.call("CreateSecurityGroup", {{"GroupName", name}, {"GroupDescription", description}});
  }

  Ec2World ec2_;
  const std::string home_ = ec2_.add_default_vpc();
};

TEST_F(SecurityGroups, OneIsMadeInTheDefaultVpcAndLetsEverythingLeave) {
  const Ec2Answer made = ec2_.call("CreateSecurityGroup", {{"GroupName", "web  "},
                                                           {"GroupDescription", "the web"},
                                                           {"TagSpecification.1.ResourceType", "security-group"},
                                                           {"TagSpecification.1.Tag.1.Key", "Name"},
                                                           {"TagSpecification.1.Tag.1.Value", "w"}});
  ASSERT_TRUE(made.ok()) << made.message();
  const std::string id = made.text("groupId");
  EXPECT_THAT(id, MatchesRegex("sg-[0-9a-f]{17}"));
  EXPECT_EQ(made.text("securityGroupArn"), "arn:aws:ec2:us-east-1:000000000000:security-group/" + id);
  const model::SecurityGroup& group = ec2_.group(id);
  EXPECT_EQ(group.name, "web");
  EXPECT_EQ(group.vpc.str(), home_);
  EXPECT_THAT(group.ingress, IsEmpty());
  ASSERT_EQ(group.egress.size(), 1U);
  EXPECT_EQ(group.egress[0].protocol, "-1");
  EXPECT_EQ(group.tags.at("Name"), "w");
}

TEST_F(SecurityGroups, ThoseOfClustersAndVpcsLeaveTheLimitAlone) {
  const auto add = [&](std::size_t count, const std::string& name, const model::Tags& tags) {
    store::Transaction transaction;
    for (std::size_t i = 0; i < count; ++i) {
      model::SecurityGroup group;
      group.id = model::SecurityGroupId("sg-" + name + std::to_string(i));
      group.vpc = model::VpcId(home_);
      group.name = name + std::to_string(i);
      group.tags = tags;
      transaction.puts.emplace_back(std::move(group));
    }
    ec2_.commit(std::move(transaction));
  };
  add(base::limits::kSecurityGroups, "eks-cluster-sg-", {{"aws:eks:cluster-name", "blue"}});
  ec2_.make_vpc("10.0.0.0/16");
  add(base::limits::kSecurityGroups - 1, "own-", {{"kubernetes.io/cluster/blue", "owned"}});
  make("last");
  const Ec2Answer past = refused("one more");
  EXPECT_EQ(past.code(), "SecurityGroupLimitExceeded");
  EXPECT_THAT(past.message(), HasSubstr("10000"));
}

TEST_F(SecurityGroups, NamesFollowTheRulesOfEc2) {
  make("web");
  EXPECT_EQ(refused("web").code(), "InvalidGroup.Duplicate");
  EXPECT_EQ(refused("WEB").code(), "InvalidGroup.Duplicate");
  EXPECT_EQ(refused("default").code(), "InvalidGroup.Reserved");
  EXPECT_EQ(refused("Default ").code(), "InvalidGroup.Reserved");
  EXPECT_EQ(refused("sg-web").code(), "InvalidParameterValue");
  EXPECT_EQ(refused("").code(), "MissingParameter");
  EXPECT_EQ(refused("   ").code(), "MissingParameter");
  EXPECT_EQ(refused(std::string(256, 'a')).code(), "InvalidParameterValue");
  EXPECT_TRUE(refused(std::string(255, 'a')).ok());
  EXPECT_EQ(refused("caf\xc3\xa9").code(), "InvalidParameterValue");
  EXPECT_EQ(refused("other", "").code(), "MissingParameter");
  EXPECT_EQ(refused("other", "tab\there").code(), "InvalidParameterValue");
  EXPECT_EQ(refused("other", std::string(256, 'a')).code(), "InvalidParameterValue");
  EXPECT_TRUE(refused("other", "all of ._-:/()#,@[]+=&;{}!$*").ok());
}

TEST_F(SecurityGroups, TheSameNameMayStandInTwoVpcs) {
  const std::string other = ec2_.make_vpc("10.0.0.0/16");
  EXPECT_NE(make("web"), make("web", other));
  EXPECT_EQ(
      ec2_.call("CreateSecurityGroup", {{"GroupName", "x"}, {"GroupDescription", "x"}, {"VpcId", "vpc-none"}}).code(),
      "InvalidVpcID.NotFound");
}

TEST_F(SecurityGroups, WithoutADefaultVpcAVpcMustBeGiven) {
  Ec2World bare;
  const Ec2Answer answer = bare.call("CreateSecurityGroup", {{"GroupName", "x"}, {"GroupDescription", "x"}});
  EXPECT_EQ(answer.code(), "VPCIdNotSpecified");
  EXPECT_EQ(bare.call("DeleteSecurityGroup", {{"GroupName", "x"}}).code(), "VPCIdNotSpecified");
}

TEST_F(SecurityGroups, OneIsDeletedByIdOrByItsNameInTheDefaultVpc) {
  const std::string first = make("first");
  make("second");
  const std::string elsewhere = make("third", ec2_.make_vpc("10.0.0.0/16"));
  EXPECT_EQ(ec2_.made("DeleteSecurityGroup", "groupId", {{"GroupId", first}}), first);
  EXPECT_TRUE(ec2_.call("DeleteSecurityGroup", {{"GroupName", "second"}}).ok());
  EXPECT_EQ(ec2_.call("DeleteSecurityGroup", {{"GroupName", "third"}}).code(), "InvalidGroup.NotFound");
  EXPECT_EQ(ec2_.call("DeleteSecurityGroup", {{"GroupId", first}}).code(), "InvalidGroup.NotFound");
  EXPECT_EQ(ec2_.call("DeleteSecurityGroup", {{"GroupId", "web"}}).code(), "InvalidGroupId.Malformed");
  EXPECT_EQ(ec2_.call("DeleteSecurityGroup", {{"GroupId", elsewhere}, {"GroupName", "third"}}).code(),
            "InvalidParameterCombination");
  EXPECT_EQ(ec2_.call("DeleteSecurityGroup").code(), "MissingParameter");
  EXPECT_TRUE(ec2_.call("DeleteSecurityGroup", {{"GroupId", elsewhere}}).ok());
}

TEST_F(SecurityGroups, TheGroupDefaultStays) {
  EXPECT_EQ(ec2_.call("DeleteSecurityGroup", {{"GroupId", ec2_.default_group(home_)}}).code(), "CannotDelete");
}

TEST_F(SecurityGroups, WhatIsUsedIsNotDeletedAndTheUserIsNamed) {
  const std::string used = make("used");
  const std::string user = make("user");
  ec2_.made("AuthorizeSecurityGroupEgress", "return",
            {{"GroupId", user}, {"IpPermissions.1.IpProtocol", "-1"}, {"IpPermissions.1.Groups.1.GroupId", used}});
  ec2_.add_cluster("prod", home_, {}, used);
  model::NetworkInterface interface;
  interface.id = model::NetworkInterfaceId("eni-1");
  interface.vpc = model::VpcId(home_);
  interface.groups = {model::SecurityGroupId(used)};
  store::Transaction more;
  more.puts.emplace_back(interface);
  ec2_.commit(std::move(more));

  const Ec2Answer answer = ec2_.call("DeleteSecurityGroup", {{"GroupId", used}});
  EXPECT_EQ(answer.code(), "DependencyViolation");
  EXPECT_THAT(answer.message(), HasSubstr("cluster prod"));
  EXPECT_THAT(answer.message(), HasSubstr("eni-1"));
  EXPECT_THAT(answer.message(), HasSubstr(user));
  EXPECT_TRUE(ec2_.call("DeleteSecurityGroup", {{"GroupId", user}}).ok()) << "nothing refers to it";
}

TEST_F(SecurityGroups, OneThatRefersToItselfIsDeleted) {
  const std::string id = make("self");
  ec2_.made("AuthorizeSecurityGroupIngress", "return",
            {{"GroupId", id}, {"IpPermissions.1.IpProtocol", "-1"}, {"IpPermissions.1.Groups.1.GroupId", id}});
  EXPECT_TRUE(ec2_.call("DeleteSecurityGroup", {{"GroupId", id}}).ok());
}

TEST_F(SecurityGroups, FiltersLookIntoTheRules) {
  const std::string web = make("web");
  const std::string peer = make("peer");
  const std::string list = ec2_.made("CreateManagedPrefixList", "prefixListId",
                                     {{"PrefixListName", "corp"}, {"AddressFamily", "IPv4"}, {"MaxEntries", "2"}});
  ec2_.made("AuthorizeSecurityGroupIngress", "return",
            {{"GroupId", web},
             {"IpPermissions.1.IpProtocol", "tcp"},
             {"IpPermissions.1.FromPort", "443"},
             {"IpPermissions.1.ToPort", "444"},
             {"IpPermissions.1.IpRanges.1.CidrIp", "10.7.0.0/16"},
             {"IpPermissions.1.Ipv6Ranges.1.CidrIpv6", "2001:db8::/32"},
             {"IpPermissions.1.Groups.1.GroupId", peer},
             {"IpPermissions.1.PrefixListIds.1.PrefixListId", list}});
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{{"ip-permission.cidr", "10.7.*"},
                                                        {"ip-permission.ipv6-cidr", "2001:db8::/32"},
                                                        {"ip-permission.from-port", "443"},
                                                        {"ip-permission.to-port", "444"},
                                                        {"ip-permission.protocol", "tcp"},
                                                        {"ip-permission.group-id", peer},
                                                        {"ip-permission.group-name", "peer"},
                                                        {"ip-permission.prefix-list-id", list},
                                                        {"group-name", "web"},
                                                        {"group-id", web},
                                                        {"description", "for web"}}) {
    EXPECT_THAT(filtered(name, value), testing::Contains(web)) << name;
  }
  EXPECT_THAT(filtered("egress.ip-permission.cidr", "10.7.0.0/16"), IsEmpty());
  EXPECT_THAT(filtered("egress.ip-permission.protocol", "-1"), testing::Contains(peer));
  EXPECT_EQ(ec2_.call("DescribeSecurityGroups", {{"Filter.1.Name", "no-such"}, {"Filter.1.Value.1", "x"}}).code(),
            "InvalidParameterValue");
}

TEST_F(SecurityGroups, AreDescribedByNameInTheDefaultVpc) {
  const std::string web = make("web");
  make("web", ec2_.make_vpc("10.0.0.0/16"));
  EXPECT_THAT(ec2_.call("DescribeSecurityGroups", {{"GroupName.1", "web"}}).texts("groupName"), ElementsAre("web"));
  EXPECT_EQ(ec2_.call("DescribeSecurityGroups", {{"GroupName.1", "none"}}).code(), "InvalidGroup.NotFound");
  EXPECT_EQ(ec2_.call("DescribeSecurityGroups", {{"GroupId.1", "sg-none"}}).code(), "InvalidGroup.NotFound");
  EXPECT_EQ(ec2_.call("DescribeSecurityGroups", {{"GroupName.1", "web"}, {"GroupId.1", web}}).code(),
            "InvalidParameterCombination");
}

TEST_F(SecurityGroups, ComePageByPage) {
  for (int i = 0; i < 11; ++i)
    make("g" + std::to_string(i));
  std::vector<std::string> names;
  std::string token;
  int pages = 0;
  do {
    const Ec2Answer page = ec2_.call("DescribeSecurityGroups", {{"MaxResults", "5"}, {"NextToken", token}});
    ASSERT_TRUE(page.ok()) << page.message();
    for (const std::string& name : page.texts("groupName"))
      names.push_back(name);
    token = page.text("nextToken");
    ++pages;
  } while (!token.empty());
  EXPECT_EQ(pages, 3);
  EXPECT_THAT(names,
              UnorderedElementsAre("default", "g0", "g1", "g2", "g3", "g4", "g5", "g6", "g7", "g8", "g9", "g10"));
  EXPECT_EQ(ec2_.call("DescribeSecurityGroups", {{"NextToken", "made up"}}).code(), "InvalidNextToken");
}

TEST_F(SecurityGroups, TheirNumberIsLimited) {
  store::Transaction many;
  for (std::size_t i = 0; i < base::limits::kSecurityGroups; ++i) {
    model::SecurityGroup group;
    group.id = model::SecurityGroupId("sg-" + std::to_string(i));
    group.vpc = model::VpcId(home_);
    many.puts.emplace_back(std::move(group));
  }
  ec2_.commit(std::move(many));
  EXPECT_EQ(refused("one more").code(), "SecurityGroupLimitExceeded");
}

}  // namespace
}  // namespace sallyport::api::ec2
