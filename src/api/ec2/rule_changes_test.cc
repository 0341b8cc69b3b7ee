#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class RuleChanges : public testing::Test {
 protected:
  std::string make_group(const std::string& name) {
    return ec2_.made("CreateSecurityGroup", "groupId", {{"GroupName", name}, {"GroupDescription", "words"}});
  }
  // TCP 443 from a block; the rule's id.
  std::string admit(const std::string& cidr, const std::string& tag = "none") {
    return ec2_.made("AuthorizeSecurityGroupIngress", "securityGroupRuleId",
                     {{"GroupId", group_},
                      {"IpPermissions.1.IpProtocol", "tcp"},
                      {"IpPermissions.1.FromPort", "443"},
                      {"IpPermissions.1.ToPort", "443"},
                      {"IpPermissions.1.IpRanges.1.CidrIp", cidr},
                      {"IpPermissions.1.IpRanges.1.Description", "as made"},
                      {"TagSpecification.1.ResourceType", "security-group-rule"},
                      {"TagSpecification.1.Tag.1.Key", "team"},
                      {"TagSpecification.1.Tag.1.Value", tag}});
  }
  Ec2Answer modify(const std::string& id, wire::Pairs members) {
    wire::Pairs parameters = {{"GroupId", group_}, {"SecurityGroupRule.1.SecurityGroupRuleId", id}};
    for (const auto& [name, value] : members)
      parameters.emplace_back("SecurityGroupRule.1.SecurityGroupRule." + name, value);
    return ec2_.call("ModifySecurityGroupRules", parameters);
  }
  const model::SecurityGroupRule& first() { return ec2_.group(group_).ingress.front(); }

  Ec2World ec2_;
  const std::string home_ = ec2_.add_default_vpc();
  const std::string group_ = make_group("web");
};

TEST_F(RuleChanges, RulesAreListedByIdGroupAndTag) {
  const std::string a = admit("10.0.0.0/8", "a");
  const std::string b = admit("10.0.0.0/9", "b");
  const auto listed = [&](wire::Pairs parameters) {
    return ec2_.call("DescribeSecurityGroupRules", std::move(parameters)).texts("securityGroupRuleId");
  };
  EXPECT_THAT(listed({{"SecurityGroupRuleId.1", a}}), ElementsAre(a));
  EXPECT_THAT(listed({{"Filter.1.Name", "group-id"}, {"Filter.1.Value.1", group_}}), SizeIs(3)) << "and what leaves";
  EXPECT_THAT(listed({{"Filter.1.Name", "tag:team"}, {"Filter.1.Value.1", "b"}}), ElementsAre(b));
  EXPECT_THAT(listed({{"Filter.1.Name", "security-group-rule-id"}, {"Filter.1.Value.1", b}}), ElementsAre(b));
  EXPECT_THAT(listed({{"Filter.1.Name", "group-id"}, {"Filter.1.Value.1", group_.substr(0, 12) + "*"}}), SizeIs(3));
  EXPECT_THAT(listed({{"Filter.1.Name", "group-id"},
                      {"Filter.1.Value.1", group_},
                      {"Filter.2.Name", "security-group-rule-id"},
                      {"Filter.2.Value.1", a},
                      {"Filter.2.Value.2", "sgr-none"}}),
              ElementsAre(a));
  EXPECT_THAT(listed({}), SizeIs(5));
  const Ec2Answer elsewhere = ec2_.call(
      "DescribeSecurityGroupRules",
      {{"SecurityGroupRuleId.1", a}, {"Filter.1.Name", "group-id"}, {"Filter.1.Value.1", ec2_.default_group(home_)}});
  EXPECT_TRUE(elsewhere.ok()) << "it exists, in another group: " << elsewhere.message();
  EXPECT_THAT(elsewhere.texts("securityGroupRuleId"), IsEmpty());
  EXPECT_EQ(ec2_.call("DescribeSecurityGroupRules", {{"SecurityGroupRuleId.1", "sgr-none"}}).code(),
            "InvalidSecurityGroupRuleId.NotFound");
  EXPECT_TRUE(ec2_.call("CreateTags", {{"ResourceId.1", a}, {"Tag.1.Key", "team"}, {"Tag.1.Value", "c"}}).ok());
  EXPECT_THAT(listed({{"Filter.1.Name", "tag:team"}, {"Filter.1.Value.1", "c"}}), ElementsAre(a));
}

TEST_F(RuleChanges, ARuleIsReplacedUnderItsId) {
  const std::string id = admit("10.0.0.0/8", "a");
  ASSERT_TRUE(modify(id, {{"IpProtocol", "tcp"}, {"FromPort", "80"}, {"ToPort", "81"}, {"CidrIpv6", "::/0"}}).ok());
  EXPECT_EQ(first().id.str(), id);
  EXPECT_EQ(first().from_port, 80);
  EXPECT_EQ(first().source_cidr->to_string(), "::/0");
  EXPECT_EQ(first().description, "");
  EXPECT_EQ(first().tags.at("team"), "a");
  ASSERT_TRUE(modify(id, {{"IpProtocol", "-1"}, {"ReferencedGroupId", group_}, {"Description", "us"}}).ok());
  EXPECT_EQ(first().source_group->str(), group_);
  EXPECT_FALSE(first().source_cidr.has_value());
  EXPECT_EQ(first().description, "us");
}

TEST_F(RuleChanges, WhatWouldNotStandIsRefused) {
  const std::string id = admit("10.0.0.0/8");
  admit("10.0.0.0/9");
  const wire::Pairs https = {{"IpProtocol", "tcp"}, {"FromPort", "443"}, {"ToPort", "443"}};
  const auto with = [&](const std::string& name, const std::string& value) {
    wire::Pairs parameters = https;
    parameters.emplace_back(name, value);
    return modify(id, parameters).code();
  };
  EXPECT_EQ(with("CidrIpv4", "10.0.0.0/9"), "InvalidPermission.Duplicate");
  EXPECT_EQ(with("CidrIpv4", "10.0.0.0"), "InvalidParameterValue");
  EXPECT_EQ(with("PrefixListId", "pl-none"), "InvalidPrefixListID.NotFound");
  EXPECT_EQ(with("ReferencedGroupId", "sg-none"), "InvalidGroup.NotFound");
  EXPECT_EQ(modify(id, https).code(), "InvalidParameterCombination") << "no peer";
  EXPECT_EQ(modify(id, {}).code(), "MissingParameter");
  EXPECT_EQ(modify("sgr-none", https).code(), "InvalidSecurityGroupRuleId.NotFound");
  EXPECT_EQ(ec2_.call("ModifySecurityGroupRules", {{"GroupId", group_}}).code(), "MissingParameter");
  EXPECT_EQ(first().source_cidr->to_string(), "10.0.0.0/8");
}

TEST_F(RuleChanges, DescriptionsAreSetAndTakenAway) {
  const std::string id = admit("10.0.0.0/8");
  const std::string operation = "UpdateSecurityGroupRuleDescriptionsIngress";
  ASSERT_TRUE(ec2_.call(operation, {{"GroupName", "web"},
                                    {"SecurityGroupRuleDescription.1.SecurityGroupRuleId", id},
                                    {"SecurityGroupRuleDescription.1.Description", "by id"}})
                  .ok());
  EXPECT_EQ(first().description, "by id");
  wire::Pairs by_value = {{"GroupId", group_},
                          {"IpPermissions.1.IpProtocol", "tcp"},
                          {"IpPermissions.1.FromPort", "443"},
                          {"IpPermissions.1.ToPort", "443"},
                          {"IpPermissions.1.IpRanges.1.CidrIp", "10.0.0.0/8"}};
  ASSERT_TRUE(ec2_.call(operation, by_value).ok());
  EXPECT_EQ(first().description, "");
  EXPECT_EQ(ec2_.call("UpdateSecurityGroupRuleDescriptionsEgress", by_value).code(), "InvalidPermission.NotFound");
  EXPECT_EQ(ec2_.call(operation, {{"GroupId", group_}}).code(), "MissingParameter");
  EXPECT_EQ(
      ec2_.call(operation, {{"GroupId", group_}, {"SecurityGroupRuleDescription.1.SecurityGroupRuleId", "sgr-none"}})
          .code(),
      "InvalidSecurityGroupRuleId.NotFound");
}

}  // namespace
}  // namespace sallyport::api::ec2
