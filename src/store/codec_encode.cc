#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "base/strong.h"
#include "store/codec.h"
#include "store/codec_fields.h"

namespace sallyport::store {

namespace {

namespace json = boost::json;

struct Writer;
template <class T>
json::value write(const T& value);

struct Writer {
  json::object object;

  template <class T>
  void operator()(const char* name, const T& member) {
    object.emplace(name, write(member));
  }
};

template <class T>
json::value write_object(const T& value) {
  Writer writer;
  fields(writer, value);
  return std::move(writer.object);
}

template <class Range>
json::value write_array(const Range& range) {
  json::array array;
  for (const auto& element : range)
    array.push_back(write(element));
  return array;
}

json::value write_one(bool value) { return value; }
json::value write_one(std::uint16_t value) { return static_cast<std::uint64_t>(value); }
json::value write_one(std::uint64_t value) { return value; }
json::value write_one(const std::string& value) { return json::string(value); }
json::value write_one(base::Time value) { return static_cast<std::int64_t>(value.time_since_epoch().count()); }
json::value write_one(const base::IpAddress& value) { return json::string(value.to_string()); }
json::value write_one(const model::Cidr& value) { return json::string(value.to_string()); }
json::value write_one(const model::CidrSet& value) { return write_array(value.entries()); }
json::value write_one(const model::Revision& value) { return value.value(); }
template <class E>
  requires std::is_enum_v<E>
json::value write_one(E value) {
  return json::string(to_string(value));
}
template <class Tag>
json::value write_one(const base::StrongString<Tag>& value) {
  return json::string(value.str());
}
template <class T>
json::value write_one(const std::optional<T>& value) {
  return value ? write(*value) : json::value(nullptr);
}
template <class T>
json::value write_one(const std::vector<T>& value) {
  return write_array(value);
}
template <class T>
json::value write_one(const std::set<T>& value) {
  return write_array(value);
}
json::value write_one(const model::Tags& value) {
  json::object object;
  for (const auto& [key, text] : value)
    object.emplace(key, text);
  return object;
}
json::value write_one(const model::Change& value) {
  return json::object{{"type", json::string(type_of(value))},
                      {"value", std::visit([](const auto& change) { return write_object(change); }, value)}};
}
template <class T>
  requires requires(Writer& writer, const T& value) { fields(writer, value); }
json::value write_one(const T& value) {
  return write_object(value);
}

template <class T>
json::value write(const T& value) {
  return write_one(value);
}

template <class T>
std::string encode_entity(const T& value) {
  Writer writer;
  writer("format", kFormat);
  fields(writer, value);
  return json::serialize(writer.object);
}

}  // namespace

std::string encode(const model::Cluster& cluster) { return encode_entity(cluster); }
std::string encode(const model::Update& update) { return encode_entity(update); }
std::string encode(const model::Vpc& vpc) { return encode_entity(vpc); }
std::string encode(const model::Subnet& subnet) { return encode_entity(subnet); }
std::string encode(const model::SecurityGroup& group) { return encode_entity(group); }

}  // namespace sallyport::store
