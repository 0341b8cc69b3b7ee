#include "store/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <variant>

#include <boost/json.hpp>

#include "store/codec_fields.h"
#include "store/codec_fields_identity.h"
#include "store/codec_fields_network.h"
#include "store/store.h"
#include "store/test_generators.h"

namespace sallyport::store {
namespace {

namespace json = boost::json;
using testing::HasSubstr;

// How many members an aggregate has: the most values it can be initialised with.
struct Anything {
  template <class T>
  operator T() const {
    return T{};
  }
};
template <class T, std::size_t... Index>
constexpr bool takes(std::index_sequence<Index...>) {
  return requires { T{(static_cast<void>(Index), Anything{})...}; };
}
template <class T, std::size_t Count = 40>
constexpr std::size_t member_count() {
  if constexpr (takes<T>(std::make_index_sequence<Count>{})) {
    return Count;
  } else {
    return member_count<T, Count - 1>();
  }
}

struct Seen {
  std::set<std::string> names;
  std::set<const void*> members;
  template <class T>
  void operator()(const char* name, T& member) {
    names.insert(name);
    members.insert(&member);
  }
};

template <class Variant>
struct TypesOf;
template <class... T>
struct TypesOf<std::variant<T...>> {
  using Entities = testing::Types<T...>;
  using All = testing::Types<T..., model::EndpointAccess, model::VpcConfig, model::HealthIssue, model::HostedZone,
                             model::UpdateError, model::AccessChange, model::VpcConfigChange, model::LoggingChange,
                             model::DeletionProtectionChange, model::SecurityGroupRule, model::PrefixListEntry,
                             model::TransitGatewayRoute>;
};

template <class T>
class CodecFields : public testing::Test {};
TYPED_TEST_SUITE(CodecFields, TypesOf<AnyEntity>::All);

// A member added to the model and forgotten here would be lost at every restart.
TYPED_TEST(CodecFields, NameEveryMemberOnce) {
  Seen seen;
  TypeParam value;
  fields(seen, value);
  EXPECT_EQ(seen.members.size(), member_count<TypeParam>());
  EXPECT_EQ(seen.names.size(), member_count<TypeParam>());
}

template <class T>
class CodecOf : public testing::Test {};
TYPED_TEST_SUITE(CodecOf, TypesOf<AnyEntity>::Entities);

TYPED_TEST(CodecOf, EveryValueComesBack) {
  EXPECT_TRUE(rc::check([] {
    const auto value = any::value<TypeParam>();
    RC_ASSERT(decode<TypeParam>(encode(value)) == value);
  }));
}

TYPED_TEST(CodecOf, AProblemNamesItsKind) {
  const auto read = decode<TypeParam>("{}");
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().field, std::string(kRoot<TypeParam>) + ".format");
}

// Every container in a JSON tree, the root included.
void containers(json::value& node, std::vector<json::value*>& into) {
  if (json::object* object = node.if_object()) {
    into.push_back(&node);
    for (auto& member : *object)
      containers(member.value(), into);
  } else if (json::array* array = node.if_array()) {
    for (json::value& element : *array)
      containers(element, into);
  }
}

json::value& an_object(json::value& root) {
  std::vector<json::value*> all;
  containers(root, all);
  return *all[*rc::gen::inRange<std::size_t>(0, all.size())];
}

std::string a_member(const json::object& object) {
  return std::next(object.begin(), *rc::gen::inRange<int>(0, static_cast<int>(object.size())))->key();
}

void refused(const base::Result<model::Update>& read) {
  RC_ASSERT(!read.has_value());
  RC_ASSERT(read.error().kind == base::ErrorKind::kCorrupt);
  RC_ASSERT(read.error().message.starts_with("stored update"));
}

RC_GTEST_PROP(Codec, MissingMemberIsRefused, ()) {
  json::value root = json::parse(encode(any::value<model::Update>()));
  json::object& object = an_object(root).as_object();
  object.erase(a_member(object));
  refused(decode<model::Update>(json::serialize(root)));
}

RC_GTEST_PROP(Codec, UnknownMemberIsRefused, ()) {
  json::value root = json::parse(encode(any::value<model::Update>()));
  an_object(root).as_object().emplace("surprise", nullptr);
  refused(decode<model::Update>(json::serialize(root)));
}

RC_GTEST_PROP(Codec, WrongTypeIsRefused, ()) {
  json::value root = json::parse(encode(any::value<model::Update>()));
  json::object& object = an_object(root).as_object();
  // No member is a fraction, and the object alone has objects in it.
  object[a_member(object)] = 1.5;
  refused(decode<model::Update>(json::serialize(root)));
}

RC_GTEST_PROP(Codec, AnyTextIsReadOrRefused, (const std::string& noise)) {
  RC_ASSERT(!decode<model::Cluster>(noise).has_value());
  std::string damaged = encode(any::value<model::Cluster>());
  damaged[*rc::gen::inRange<std::size_t>(0, damaged.size())] = *rc::gen::arbitrary<char>();
  const auto read = decode<model::Cluster>(damaged);
  RC_ASSERT(read.has_value() || read.error().kind == base::ErrorKind::kCorrupt);
}

std::string with(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text;
  return at == std::string::npos ? text : std::string(text).replace(at, from.size(), to);
}

void expect_refused(const std::string& text, const std::string& path, const std::string& why) {
  const auto read = decode<model::Cluster>(text);
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().kind, base::ErrorKind::kCorrupt);
  EXPECT_EQ(read.error().field, path);
  EXPECT_THAT(read.error().message, HasSubstr(path));
  EXPECT_THAT(read.error().message, HasSubstr(why));
}

TEST(Codec, SaysWhereAndWhat) {
  model::Cluster cluster;
  cluster.access.public_access_cidrs = model::CidrSet({model::Cidr::parse("203.0.113.5/32").value()});
  cluster.tags["team"] = "core";
  const std::string text = encode(cluster);
  expect_refused("", "cluster", "not JSON");
  expect_refused("[]", "cluster", "not an object");
  expect_refused(text + "x", "cluster", "not JSON");
  expect_refused(with(text, "\"publicAccess\":true", "\"publicAccess\":1"), "cluster.access.publicAccess",
                 "not a boolean");
  expect_refused(with(text, "203.0.113.5/32", "203.0.113.5/24"), "cluster.access.publicAccessCidrs", "CIDR");
  expect_refused(with(text, "CREATING", "creating"), "cluster.status", "unknown value 'creating'");
  expect_refused(with(text, "\"core\"", "7"), "cluster.tags", "not a string");
  expect_refused(with(text, "\"createdAt\":0", "\"createdAt\":0.0"), "cluster.createdAt", "not a time");
  expect_refused(with(text, "\"version\":", "\"vision\":"), "cluster.version", "is missing");
  expect_refused(with(text, "\"format\":1", "\"format\":2"), "cluster.format", "is not 1");
  expect_refused(with(text, "\"format\":1,", ""), "cluster.format", "is not 1");
}

TEST(Codec, NumbersAreWholeAndInRange) {
  model::SecurityGroup group;
  group.ingress.resize(1);
  const std::string text = encode(group);
  const auto with_port = [&](const std::string& port) {
    return decode<model::SecurityGroup>(with(text, "\"fromPort\":0", "\"fromPort\":" + port));
  };
  for (const std::int32_t good : {-1, 443, INT32_MIN, INT32_MAX})
    EXPECT_EQ(with_port(std::to_string(good))->ingress[0].from_port, good);
  for (const char* bad :
       {"2147483648", "-2147483649", "1e2", "\"80\"", "null", "18446744073709551615", "99999999999999999999"}) {
    const auto read = with_port(bad);
    ASSERT_FALSE(read.has_value()) << bad;
    EXPECT_EQ(read.error().field, "securityGroup.ingress.fromPort");
  }
}

TEST(Codec, UnsignedNumbersSpanAll64Bits) {
  model::VpnGateway gateway;
  const std::string text = encode(gateway);
  const auto with_asn = [&](const std::string& asn) { return decode<model::VpnGateway>(with(text, "64512", asn)); };
  EXPECT_EQ(with_asn("18446744073709551615")->amazon_side_asn, UINT64_MAX);
  for (const char* bad : {"-1", "18446744073709551616", "1.0"}) {
    const auto read = with_asn(bad);
    ASSERT_FALSE(read.has_value()) << bad;
    EXPECT_EQ(read.error().field, "vpnGateway.amazonSideAsn");
  }
}

TEST(Codec, SetsHoldEachElementOnce) {
  model::Vpc vpc;
  vpc.egress_addresses = {base::IpAddress::parse("192.0.2.1").value()};
  const auto read = decode<model::Vpc>(with(encode(vpc), "[\"192.0.2.1\"]", "[\"192.0.2.1\",\"192.0.2.1\"]"));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().field, "vpc.egressAddresses");
}

TEST(Codec, DeepNestingIsRefused) { EXPECT_FALSE(decode<model::Cluster>(std::string(100'000, '[')).has_value()); }

}  // namespace
}  // namespace sallyport::store
