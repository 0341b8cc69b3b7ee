#include "api/ec2/tags.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "api/ec2/ec2_fixture.h"

namespace sallyport::api::ec2 {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(Tags, AreAddedReplacedAndTakenOff) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  const auto tag = [&](const std::string& operation, const std::string& key, const std::string& value) {
    return ec2.call(operation, {{"ResourceId.1", vpc}, {"Tag.1.Key", key}, {"Tag.1.Value", value}});
  };
  ASSERT_TRUE(tag("CreateTags", "Name", "one").ok());
  ASSERT_TRUE(tag("CreateTags", "Name", "two").ok());
  ASSERT_TRUE(tag("CreateTags", "Empty", "").ok());
  EXPECT_THAT(ec2.vpc(vpc).tags, ElementsAre(Pair("Empty", ""), Pair("Name", "two")));
  ASSERT_TRUE(tag("DeleteTags", "Name", "other").ok());  // not its value: stays
  EXPECT_THAT(ec2.vpc(vpc).tags, testing::SizeIs(2));
  ASSERT_TRUE(tag("DeleteTags", "Name", "").ok());
  EXPECT_THAT(ec2.vpc(vpc).tags, ElementsAre(Pair("Empty", "")));
}

TEST(Tags, OfManyResourcesAtOnceOrOfNone) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  const std::string group = ec2.default_group(vpc);
  const std::string rule = ec2.group(group).ingress.front().id.str();
  const std::string other = ec2.group(group).egress.front().id.str();
  ASSERT_TRUE(ec2.call("CreateTags", {{"ResourceId.1", group},
                                      {"ResourceId.2", rule},
                                      {"ResourceId.3", other},
                                      {"Tag.1.Key", "k"},
                                      {"Tag.1.Value", "v"}})
                  .ok());
  EXPECT_EQ(ec2.group(group).tags.at("k"), "v");
  EXPECT_EQ(ec2.group(group).ingress.front().tags.at("k"), "v");
  EXPECT_EQ(ec2.group(group).egress.front().tags.at("k"), "v");
  const int before = ec2.commits;
  EXPECT_EQ(ec2.call("CreateTags", {{"ResourceId.1", vpc}, {"ResourceId.2", "vpc-0"}, {"Tag.1.Key", "k"}}).code(),
            "InvalidID");
  EXPECT_EQ(ec2.commits, before);
}

TEST(Tags, DescribedWithFiltersAndPages) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  for (int i = 0; i < 7; ++i)
    ec2.made("CreateTags", "return", {{"ResourceId.1", vpc}, {"Tag.1.Key", "k" + std::to_string(i)}});
  const Ec2Answer first = ec2.call("DescribeTags", {{"MaxResults", "5"}});
  EXPECT_THAT(first.texts("key"), ElementsAre("k0", "k1", "k2", "k3", "k4"));
  EXPECT_EQ(first.text("resourceType"), "vpc");
  const Ec2Answer rest = ec2.call("DescribeTags", {{"NextToken", first.text("nextToken")}});
  EXPECT_THAT(rest.texts("key"), ElementsAre("k5", "k6"));
  EXPECT_THAT(ec2.call("DescribeTags", {{"Filter.1.Name", "key"}, {"Filter.1.Value.1", "k3"}}).texts("resourceId"),
              ElementsAre(vpc));
}

TEST(Tags, OfRulesHaveTheSameLimit) {
  Ec2World ec2;
  const std::string group = ec2.default_group(ec2.make_vpc("10.0.0.0/16"));
  const std::string rule = ec2.group(group).ingress.front().id.str();
  const auto tag = [&](const std::string& key) {
    return ec2.call("CreateTags", {{"ResourceId.1", rule}, {"Tag.1.Key", key}});
  };
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(tag("k" + std::to_string(i)).ok());
  const Ec2Answer refused = tag("one more");
  EXPECT_EQ(refused.code(), "TagLimitExceeded");
  EXPECT_THAT(refused.message(), HasSubstr(rule));
  EXPECT_TRUE(ec2.call("CreateTags", {{"ResourceId.1", group}, {"Tag.1.Key", "own"}}).ok()) << "the group has its own";
}

TEST(Tags, OfRulesAreDescribed) {
  Ec2World ec2;
  const std::string group = ec2.default_group(ec2.make_vpc("10.0.0.0/16"));
  const std::string in = ec2.group(group).ingress.front().id.str();
  const std::string out = ec2.group(group).egress.front().id.str();
  ec2.made("CreateTags", "return", {{"ResourceId.1", in}, {"ResourceId.2", group}, {"Tag.1.Key", "k"}});
  ec2.made("CreateTags", "return", {{"ResourceId.1", out}, {"Tag.1.Key", "other"}});
  const auto found = [&](const std::string& filter, const std::string& value) {
    return ec2.call("DescribeTags", {{"Filter.1.Name", filter}, {"Filter.1.Value.1", value}}).texts("resourceId");
  };
  EXPECT_THAT(found("resource-type", "security-group-rule"), testing::UnorderedElementsAre(in, out));
  EXPECT_THAT(found("resource-id", in), ElementsAre(in));
  EXPECT_THAT(found("key", "k"), testing::UnorderedElementsAre(in, group));
}

TEST(Tags, ReservedOnesAreNotDeletedAndDoNotCount) {
  Ec2World ec2;
  const std::string id = ec2.default_group(ec2.make_vpc("10.0.0.0/16"));
  model::SecurityGroup marked = ec2.group(id);
  marked.tags = {{"aws:eks:cluster-name", "blue"}, {"own", ""}};
  store::Transaction transaction;
  transaction.puts.emplace_back(marked);
  ec2.commit(std::move(transaction));
  const auto refused =
      ec2.call("DeleteTags", {{"ResourceId.1", id}, {"Tag.1.Key", "own"}, {"Tag.2.Key", "aws:eks:cluster-name"}});
  EXPECT_EQ(refused.code(), "InvalidParameterValue");
  EXPECT_THAT(refused.message(), HasSubstr("aws:eks:cluster-name"));
  EXPECT_THAT(ec2.group(id).tags, testing::SizeIs(2));
  ASSERT_TRUE(ec2.call("DeleteTags", {{"ResourceId.1", id}}).ok());
  EXPECT_THAT(ec2.group(id).tags, ElementsAre(Pair("aws:eks:cluster-name", "blue")));
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(ec2.call("CreateTags", {{"ResourceId.1", id}, {"Tag.1.Key", "k" + std::to_string(i)}}).ok()) << i;
  EXPECT_EQ(ec2.call("CreateTags", {{"ResourceId.1", id}, {"Tag.1.Key", "more"}}).code(), "TagLimitExceeded");
}

// Of many groups, found in one walk: a copy of every group for each rule would take the better part of a minute.
TEST(Tags, AThousandRulesAtOnce) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  store::Transaction transaction;
  for (int i = 0; i < 2'000; ++i) {
    model::SecurityGroup group;
    group.id = model::SecurityGroupId("sg-" + std::to_string(i));
    group.vpc = model::VpcId(vpc);
    group.name = group.id.str();
    for (int j = 0; j < 20; ++j) {
      model::SecurityGroupRule rule;
      rule.id = model::SecurityGroupRuleId("sgr-" + std::to_string(i) + "-" + std::to_string(j));
      group.ingress.push_back(std::move(rule));
    }
    transaction.puts.emplace_back(std::move(group));
  }
  ec2.commit(std::move(transaction));
  wire::Pairs request{{"Tag.1.Key", "k"}};
  for (int i = 0; i < 1'000; ++i) {
    request.emplace_back("ResourceId." + std::to_string(i + 1),
                         "sgr-" + std::to_string(i * 2) + "-" + std::to_string(i % 20));
  }
  ASSERT_TRUE(ec2.call("CreateTags", request).ok());
  EXPECT_EQ(ec2.group("sg-1998").ingress[19].tags.size(), 1U);
  EXPECT_EQ(ec2.group("sg-1998").ingress[18].tags.size(), 0U);
  EXPECT_EQ(ec2.group("sg-1").ingress[0].tags.size(), 0U);
}

TEST(Tags, Limits) {
  Ec2World ec2;
  const std::string vpc = ec2.make_vpc("10.0.0.0/16");
  const auto tag = [&](const std::string& key, const std::string& value) {
    return ec2.call("CreateTags", {{"ResourceId.1", vpc}, {"Tag.1.Key", key}, {"Tag.1.Value", value}});
  };
  EXPECT_THAT(tag("aws:x", "").message(), HasSubstr("aws:"));
  EXPECT_FALSE(tag(std::string(129, 'k'), "").ok());
  EXPECT_FALSE(tag("k", std::string(257, 'v')).ok());
  for (int i = 0; i < 50; ++i)
    ASSERT_TRUE(tag("k" + std::to_string(i), "").ok());
  EXPECT_EQ(tag("one more", "").code(), "TagLimitExceeded");
  EXPECT_TRUE(tag("k7", "new value").ok());
  EXPECT_TRUE(ec2.call("DeleteTags", {{"ResourceId.1", vpc}, {"Tag.1.Key", "k7"}}).ok());
  EXPECT_TRUE(tag("one more", "").ok());
  EXPECT_EQ(ec2.call("CreateVpc", {{"CidrBlock", "10.1.0.0/16"},
                                   {"TagSpecification.1.ResourceType", "subnet"},
                                   {"TagSpecification.1.Tag.1.Key", "k"}})
                .code(),
            "InvalidParameterValue");
}

}  // namespace
}  // namespace sallyport::api::ec2
