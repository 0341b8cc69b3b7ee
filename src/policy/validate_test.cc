#include "policy/validate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace sallyport::policy {
namespace {

using base::ErrorKind;
using model::Cidr;
using model::EndpointAccess;
using testing::AllOf;
using testing::HasSubstr;

std::vector<Cidr> blocks(const std::vector<std::string>& texts) {
  std::vector<Cidr> result;
  for (const std::string& text : texts)
    result.push_back(Cidr::parse(text).value());
  return result;
}

EndpointAccess access(bool is_public, bool is_private, const std::vector<std::string>& cidrs) {
  return {is_public, is_private, model::CidrSet(blocks(cidrs))};
}

std::vector<Cidr> distinct_blocks(std::size_t count) {
  std::vector<Cidr> result;
  for (std::uint32_t i = 0; i < count; ++i)
    result.push_back(Cidr::of(base::IpAddress::v4(0x0b000000U + i), 32));
  return result;
}

TEST(AccessAtCreation, DefaultsToPublicForEveryone) {
  EXPECT_EQ(access_at_creation({}, {}).value(), access(true, false, {"0.0.0.0/0"}));
  EXPECT_EQ(access_at_creation({}, {.public_ipv6 = true}).value(), access(true, false, {"0.0.0.0/0", "::/0"}));
}

TEST(AccessAtCreation, KeepsWhatIsGiven) {
  const AccessInput given{true, true, blocks({"203.0.113.0/24", "2001:db8::/32"})};
  EXPECT_EQ(access_at_creation(given, {.public_ipv6 = true}).value(),
            access(true, true, {"203.0.113.0/24", "2001:db8::/32"}));
}

struct Merge {
  const char* what;
  AccessInput input;
  EndpointAccess result;
};

TEST(ChangedAccess, FieldsNotGivenKeepTheirValue) {
  const EndpointAccess present = access(true, false, {"198.51.100.0/24"});
  const std::vector<Merge> table = {
      {"private on", {{}, true, {}}, access(true, true, {"198.51.100.0/24"})},
      {"private alone", {false, true, {}}, access(false, true, {"198.51.100.0/24"})},
      {"other blocks", {{}, {}, blocks({"203.0.113.5/32"})}, access(true, false, {"203.0.113.5/32"})},
      {"everything", {true, true, blocks({"203.0.113.5/32"})}, access(true, true, {"203.0.113.5/32"})},
      {"an empty list with public off says nothing",
       {false, true, blocks({})},
       access(false, true, {"198.51.100.0/24"})},
  };
  for (const Merge& row : table)
    EXPECT_EQ(changed_access(present, row.input, {}), row.result) << row.what;
}

TEST(ChangedAccess, RepeatingTheStoredBlocksWhileTurningPublicOffSaysNothing) {
  const EndpointAccess present = access(true, false, {"198.51.100.0/24", "203.0.113.5/32"});
  const AccessInput repeated{false, true, blocks({"203.0.113.5/32", "198.51.100.0/24"})};
  EXPECT_EQ(changed_access(present, repeated, {}), access(false, true, {"198.51.100.0/24", "203.0.113.5/32"}));
  EXPECT_FALSE(changed_access(present, {false, true, blocks({"203.0.113.5/32"})}, {}));
}

TEST(ChangedAccess, PublicComesBackWithTheBlocksItHad) {
  const EndpointAccess present = access(false, true, {"198.51.100.0/24"});
  EXPECT_EQ(changed_access(present, {true, {}, {}}, {}), access(true, true, {"198.51.100.0/24"}));
}

struct Refusal {
  const char* what;
  EndpointAccess present;
  AccessInput input;
  std::vector<std::string> named;
};

TEST(ChangedAccess, RefusesNamingFieldValueAndRemedy) {
  const EndpointAccess open = access(true, false, {"0.0.0.0/0"});
  const EndpointAccess closed = access(false, true, {"0.0.0.0/0"});
  const std::vector<Refusal> table = {
      {"both off", open, {false, {}, {}}, {"endpointPublicAccess", "endpointPrivateAccess"}},
      {"both off from private", closed, {{}, false, {}}, {"endpointPublicAccess", "endpointPrivateAccess"}},
      {"both off at once", open, {false, false, {}}, {"endpointPublicAccess", "endpointPrivateAccess"}},
      {"blocks with public off",
       closed,
       {{}, {}, blocks({"203.0.113.5/32"})},
       {"publicAccessCidrs", "endpointPublicAccess"}},
      {"blocks while turning off", open, {false, true, blocks({"203.0.113.5/32"})}, {"publicAccessCidrs"}},
      {"empty blocks", open, {{}, {}, blocks({})}, {"publicAccessCidrs is empty"}},
      {"twice", open, {{}, {}, blocks({"203.0.113.5/32", "203.0.113.5/32"})}, {"203.0.113.5/32", "more than once"}},
      {"too many", open, {{}, {}, distinct_blocks(2049)}, {"2049", "2048"}},
  };
  for (const Refusal& row : table) {
    const auto result = changed_access(row.present, row.input, {});
    ASSERT_FALSE(result) << row.what;
    EXPECT_EQ(result.error().kind, ErrorKind::kInvalidParameter) << row.what;
    for (const std::string& name : row.named)
      EXPECT_THAT(result.error().message, HasSubstr(name)) << row.what;
  }
  EXPECT_TRUE(changed_access(open, {{}, {}, distinct_blocks(2048)}, {}));
}

TEST(ChangedAccess, NothingToChangeIsSaidInTheServicesWords) {
  const EndpointAccess present = access(true, false, {"198.51.100.0/24", "203.0.113.5/32"});
  const std::string words =
      "Cluster is already at the desired configuration with endpointPrivateAccess: false, endpointPublicAccess: "
      "true, and Public Endpoint Restrictions: [198.51.100.0/24, 203.0.113.5/32]";
  for (const AccessInput& same : {AccessInput{}, AccessInput{true, false, {}},
                                  AccessInput{{}, {}, blocks({"203.0.113.5/32", "198.51.100.0/24"})}}) {
    const auto result = changed_access(present, same, {});
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().kind, ErrorKind::kInvalidParameter);
    EXPECT_EQ(result.error().message, words);
  }
}

TEST(ChangedAccess, ALongListIsCutInTheMessage) {
  const EndpointAccess present{true, false, model::CidrSet(distinct_blocks(2048))};
  const auto result = changed_access(present, {}, {});
  ASSERT_FALSE(result);
  EXPECT_LT(result.error().message.size(), 2'000U);
  EXPECT_THAT(result.error().message, HasSubstr("and 1998 more]"));
}

TEST(ReservedCidrs, AreRefusedOnlyWhenAsked) {
  const EndpointAccess open = access(true, false, {"0.0.0.0/0"});
  for (const char* text :
       {"10.0.0.0/8", "10.1.2.0/24", "172.16.0.0/12", "172.31.255.255/32", "192.168.1.0/24", "127.0.0.1/32",
        "169.254.0.0/16", "100.64.0.0/10", "0.1.0.0/16", "224.0.0.1/32", "240.0.0.0/4", "198.18.0.0/15", "::1/128",
        "fc00::/7", "fd00:1::/32", "fe80::/10", "ff02::/16"}) {
    const AccessInput input{{}, {}, blocks({"203.0.113.5/32", text})};
    EXPECT_TRUE(changed_access(open, input, {})) << text;
    const auto refused = changed_access(open, input, {.refuse_reserved_cidrs = true});
    ASSERT_FALSE(refused) << text;
    EXPECT_THAT(refused.error().message, HasSubstr(text));
    EXPECT_FALSE(access_at_creation(input, {.refuse_reserved_cidrs = true})) << text;
  }
}

TEST(ReservedCidrs, InternetBlocksAndEveryonePass) {
  const EndpointAccess present = access(true, false, {"198.51.100.0/24"});
  for (const char* text : {"0.0.0.0/0", "::/0", "203.0.113.5/32", "11.0.0.0/8", "172.32.0.0/16", "2001:db8::/32",
                           "192.169.0.0/16", "100.128.0.0/10"}) {
    EXPECT_TRUE(changed_access(present, {{}, {}, blocks({text})}, {.refuse_reserved_cidrs = true})) << text;
  }
}

RC_GTEST_PROP(ChangedAccess, NeverLeavesBothOffNorAnEmptyListWhilePublic, ()) {
  const auto flag = [] { return *rc::gen::arbitrary<bool>(); };
  const auto maybe = [&]() -> std::optional<bool> { return flag() ? std::optional(flag()) : std::nullopt; };
  const bool was_public = flag();
  const EndpointAccess present{was_public, !was_public || flag(), model::CidrSet(blocks({"203.0.113.0/24"}))};
  AccessInput input{maybe(), maybe(), {}};
  if (flag()) input.public_access_cidrs = distinct_blocks(*rc::gen::inRange<std::size_t>(0, 4));
  const auto result = changed_access(present, input, {});
  if (!result) {
    RC_ASSERT(result.error().kind == ErrorKind::kInvalidParameter);
    return;
  }
  RC_ASSERT(result->public_access || result->private_access);
  RC_ASSERT(!result->public_access || !result->public_access_cidrs.empty());
  RC_ASSERT(!(*result == present));
}

class NetworkChecks : public testing::Test {
 protected:
  NetworkChecks() {
    put_subnet("subnet-a1", "vpc-1", "us-east-1a");
    put_subnet("subnet-a2", "vpc-1", "us-east-1a");
    put_subnet("subnet-b", "vpc-1", "us-east-1b");
    put_subnet("subnet-other", "vpc-2", "us-east-1b");
    for (int i = 0; i < 6; ++i)
      put_group("sg-" + std::to_string(i), "vpc-1");
    put_group("sg-other", "vpc-2");
  }

  void put_subnet(const char* id, const char* vpc, const char* zone) {
    model::Subnet subnet{model::SubnetId(id), model::VpcId(vpc), {}, zone, false, false, {}};
    world_.subnets[subnet.id] = std::make_shared<const model::Subnet>(subnet);
  }
  void put_group(const std::string& id, const char* vpc) {
    model::SecurityGroup group;
    group.id = model::SecurityGroupId(id);
    group.vpc = model::VpcId(vpc);
    world_.security_groups[group.id] = std::make_shared<const model::SecurityGroup>(group);
  }
  base::Result<model::VpcId> subnets(const std::vector<std::string>& names) const {
    std::vector<model::SubnetId> ids(names.begin(), names.end());
    return vpc_of_subnets(world_, ids);
  }
  base::Status groups(const std::vector<std::string>& names) const {
    std::vector<model::SecurityGroupId> ids(names.begin(), names.end());
    return check_security_groups(world_, model::VpcId("vpc-1"), ids);
  }

  model::Snapshot world_;
};

TEST_F(NetworkChecks, SubnetsGiveTheirVpc) {
  EXPECT_EQ(subnets({"subnet-a1", "subnet-b"}), model::VpcId("vpc-1"));
  EXPECT_EQ(subnets({"subnet-a1", "subnet-a2", "subnet-b"}), model::VpcId("vpc-1"));
}

TEST_F(NetworkChecks, SubnetsAreRefusedNamingThem) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{}, "at least two different AZs"},
      {{"subnet-a1"}, "at least two different AZs"},
      {{"subnet-a1", "subnet-a2"}, "at least two different AZs"},
      {{"subnet-a1", "subnet-none"}, "'subnet-none' does not exist"},
      {{"subnet-a1", "subnet-other"}, "different VPCs"},
      {{"subnet-b", "subnet-b"}, "subnet-b more than once"},
      {std::vector<std::string>(17, "subnet-b"), "at most 16"},
  };
  for (const auto& [names, words] : table) {
    const auto result = subnets(names);
    ASSERT_FALSE(result) << words;
    EXPECT_EQ(result.error().kind, ErrorKind::kInvalidParameter);
    EXPECT_EQ(result.error().field, "subnetIds");
    EXPECT_THAT(result.error().message, HasSubstr(words));
  }
}

TEST_F(NetworkChecks, SecurityGroups) {
  EXPECT_TRUE(groups({}));
  EXPECT_TRUE(groups({"sg-0", "sg-1", "sg-2", "sg-3", "sg-4"}));
  const std::vector<std::pair<std::vector<std::string>, std::string>> table = {
      {{"sg-0", "sg-1", "sg-2", "sg-3", "sg-4", "sg-5"}, "at most 5"},
      {{"sg-none"}, "'sg-none' does not exist"},
      {{"sg-other"}, "sg-other is in vpc-2"},
      {{"sg-1", "sg-1"}, "sg-1 more than once"},
  };
  for (const auto& [names, words] : table) {
    const auto result = groups(names);
    ASSERT_FALSE(result) << words;
    EXPECT_EQ(result.error().kind, ErrorKind::kInvalidParameter);
    EXPECT_EQ(result.error().field, "securityGroupIds");
    EXPECT_THAT(result.error().message, HasSubstr(words));
  }
}

}  // namespace
}  // namespace sallyport::policy
