#include "store/codec.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <cstddef>
#include <string>
#include <utility>

#include <boost/json.hpp>

#include "store/codec_fields.h"
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

struct Count {
  std::size_t seen = 0;
  template <class T>
  void operator()(const char*, T&) {
    ++seen;
  }
};
template <class T>
std::size_t stored_count() {
  Count count;
  T value;
  fields(count, value);
  return count.seen;
}

// A member added to the model and forgotten here would be lost at every restart.
TEST(CodecFields, NameEveryMemberOfTheModel) {
  EXPECT_EQ(stored_count<model::Cluster>(), member_count<model::Cluster>());
  EXPECT_EQ(stored_count<model::EndpointAccess>(), member_count<model::EndpointAccess>());
  EXPECT_EQ(stored_count<model::VpcConfig>(), member_count<model::VpcConfig>());
  EXPECT_EQ(stored_count<model::HealthIssue>(), member_count<model::HealthIssue>());
  EXPECT_EQ(stored_count<model::Update>(), member_count<model::Update>());
  EXPECT_EQ(stored_count<model::UpdateError>(), member_count<model::UpdateError>());
  EXPECT_EQ(stored_count<model::AccessChange>(), member_count<model::AccessChange>());
  EXPECT_EQ(stored_count<model::VpcConfigChange>(), member_count<model::VpcConfigChange>());
  EXPECT_EQ(stored_count<model::LoggingChange>(), member_count<model::LoggingChange>());
  EXPECT_EQ(stored_count<model::DeletionProtectionChange>(), member_count<model::DeletionProtectionChange>());
  EXPECT_EQ(stored_count<model::Vpc>(), member_count<model::Vpc>());
  EXPECT_EQ(stored_count<model::Subnet>(), member_count<model::Subnet>());
  EXPECT_EQ(stored_count<model::SecurityGroup>(), member_count<model::SecurityGroup>());
  EXPECT_EQ(stored_count<model::SecurityGroupRule>(), member_count<model::SecurityGroupRule>());
}

RC_GTEST_PROP(Codec, ClusterComesBack, ()) {
  const model::Cluster value = any::cluster();
  RC_ASSERT(decode_cluster(encode(value)) == value);
}
RC_GTEST_PROP(Codec, UpdateComesBack, ()) {
  const model::Update value = any::update();
  RC_ASSERT(decode_update(encode(value)) == value);
}
RC_GTEST_PROP(Codec, VpcComesBack, ()) {
  const model::Vpc value = any::vpc();
  RC_ASSERT(decode_vpc(encode(value)) == value);
}
RC_GTEST_PROP(Codec, SubnetComesBack, ()) {
  const model::Subnet value = any::subnet();
  RC_ASSERT(decode_subnet(encode(value)) == value);
}
RC_GTEST_PROP(Codec, SecurityGroupComesBack, ()) {
  const model::SecurityGroup value = any::security_group();
  RC_ASSERT(decode_security_group(encode(value)) == value);
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
  json::value root = json::parse(encode(any::update()));
  json::object& object = an_object(root).as_object();
  object.erase(a_member(object));
  refused(decode_update(json::serialize(root)));
}

RC_GTEST_PROP(Codec, UnknownMemberIsRefused, ()) {
  json::value root = json::parse(encode(any::update()));
  an_object(root).as_object().emplace("surprise", nullptr);
  refused(decode_update(json::serialize(root)));
}

RC_GTEST_PROP(Codec, WrongTypeIsRefused, ()) {
  json::value root = json::parse(encode(any::update()));
  json::object& object = an_object(root).as_object();
  // No member is a fraction, and the object alone has objects in it.
  object[a_member(object)] = 1.5;
  refused(decode_update(json::serialize(root)));
}

RC_GTEST_PROP(Codec, AnyTextIsReadOrRefused, (const std::string& noise)) {
  RC_ASSERT(!decode_cluster(noise).has_value());
  std::string damaged = encode(any::cluster());
  damaged[*rc::gen::inRange<std::size_t>(0, damaged.size())] = *rc::gen::arbitrary<char>();
  const auto read = decode_cluster(damaged);
  RC_ASSERT(read.has_value() || read.error().kind == base::ErrorKind::kCorrupt);
}

std::string with(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from << " in " << text;
  return at == std::string::npos ? text : std::string(text).replace(at, from.size(), to);
}

void expect_refused(const std::string& text, const std::string& path, const std::string& why) {
  const auto read = decode_cluster(text);
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
  for (const char* bad : {"65536", "-1", "1e2", "\"80\"", "null", "99999999999999999999"}) {
    const auto read = decode_security_group(with(text, "\"fromPort\":0", "\"fromPort\":" + std::string(bad)));
    ASSERT_FALSE(read.has_value()) << bad;
    EXPECT_EQ(read.error().field, "securityGroup.ingress.fromPort");
  }
}

TEST(Codec, SetsHoldEachElementOnce) {
  model::Vpc vpc;
  vpc.egress_addresses = {base::IpAddress::parse("192.0.2.1").value()};
  const auto read = decode_vpc(with(encode(vpc), "[\"192.0.2.1\"]", "[\"192.0.2.1\",\"192.0.2.1\"]"));
  ASSERT_FALSE(read.has_value());
  EXPECT_EQ(read.error().field, "vpc.egressAddresses");
}

TEST(Codec, DeepNestingIsRefused) { EXPECT_FALSE(decode_cluster(std::string(100'000, '[')).has_value()); }

}  // namespace
}  // namespace sallyport::store
