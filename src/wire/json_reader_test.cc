#include "wire/json_reader.h"

#include <gtest/gtest.h>

#include "wire/json_parse.h"

namespace sallyport::wire {
namespace {

// The fault that reading members a (boolean), b (string), c (strings), d (object with e), f (objects with
// g) and m (map) leaves.
std::string fault_of(std::string_view text) {
  const auto json = parse_json(text);
  JsonFault fault;
  JsonReader reader(*json->as_object(), "", fault);
  reader.boolean("a");
  reader.text("b");
  reader.texts("c");
  if (auto d = reader.object("d")) {
    d->text("e");
    d->finish();
  }
  if (auto f = reader.objects("f")) {
    for (JsonReader& each : *f) {
      each.boolean("g");
      each.finish();
    }
  }
  reader.map("m");
  reader.finish();
  if (!fault) return "none";
  EXPECT_EQ(fault->kind, base::ErrorKind::kInvalidParameter);
  EXPECT_EQ(fault->message.rfind(fault->field, 0), 0U) << "the message begins with the field";
  return fault->message;
}

TEST(JsonReader, ReadsWellTypedMembers) {
  EXPECT_EQ(fault_of(R"({"a":true,"b":"x","c":["y"],"d":{"e":"z"},"f":[{"g":false},{}],"m":{"k":"v"}})"), "none");
  EXPECT_EQ(fault_of(R"({"a":null,"b":null,"c":null,"d":null,"f":null,"m":null})"), "none");
  EXPECT_EQ(fault_of("{}"), "none");
}

TEST(JsonReader, NamesPathTypeAndValue) {
  EXPECT_EQ(fault_of(R"({"a":"yes"})"), "a must be a boolean (true or false, without quotes), is the string \"yes\"");
  EXPECT_EQ(fault_of(R"({"b":5})"), "b must be a string, is the number 5");
  EXPECT_EQ(fault_of(R"({"c":"x"})"), "c must be a list of strings, is the string \"x\"");
  EXPECT_EQ(fault_of(R"({"c":["x",true]})"), "c[1] must be a string, is the boolean true");
  EXPECT_EQ(fault_of(R"({"d":[]})"), "d must be an object, is a list");
  EXPECT_EQ(fault_of(R"({"d":{"e":{}}})"), "d.e must be a string, is an object");
  EXPECT_EQ(fault_of(R"({"f":{}})"), "f must be a list of objects, is an object");
  EXPECT_EQ(fault_of(R"({"f":[{},null]})"), "f[1] must be an object, is null");
  EXPECT_EQ(fault_of(R"({"m":{"k":1}})"), "m[\"k\"] must be a string, is the number 1");
}

TEST(JsonReader, NamesUnknownMembersAtEveryLevel) {
  EXPECT_EQ(fault_of(R"({"aa":1})"), "aa is not a known member; the members here are: a, b, c, d, f, m");
  EXPECT_EQ(fault_of(R"({"d":{"x":null}})"), "d.x is not a known member; the members here are: e");
  EXPECT_EQ(fault_of(R"({"f":[{},{"h":1}]})"), "f[1].h is not a known member; the members here are: g");
}

TEST(JsonReader, KeepsTheFirstFault) {
  EXPECT_EQ(fault_of(R"({"unknown":1,"b":[],"a":"no"})").substr(0, 9), "a must be");
}

}  // namespace
}  // namespace sallyport::wire
