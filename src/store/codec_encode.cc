#include <cstdint>
#include <map>
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
#include "store/codec_fields_identity.h"
#include "store/codec_fields_network.h"

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
json::value write_one(std::int32_t value) { return value; }
json::value write_one(std::uint64_t value) { return value; }
json::value write_one(const std::string& value) { return json::string(value); }
json::value write_one(base::Time value) { return static_cast<std::int64_t>(value.time_since_epoch().count()); }
json::value write_one(const base::IpAddress& value) { return json::string(value.to_string()); }
json::value write_one(const base::SocketAddress& value) { return json::string(value.to_string()); }
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
template <class T>
json::value write_one(const std::map<std::string, T>& value) {
  json::object object;
  for (const auto& [key, element] : value)
    object.emplace(key, write(element));
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

}  // namespace

template <class T>
std::string encode(const T& entity) {
  Writer writer;
  writer("format", kFormat);
  fields(writer, entity);
  return json::serialize(writer.object);
}

template std::string encode(const model::Cluster&);
template std::string encode(const model::Update&);
template std::string encode(const model::Vpc&);
template std::string encode(const model::Subnet&);
template std::string encode(const model::SecurityGroup&);
template std::string encode(const model::DhcpOptions&);
template std::string encode(const model::PrefixList&);
template std::string encode(const model::NetworkInterface&);
template std::string encode(const model::ElasticIp&);
template std::string encode(const model::NatGateway&);
template std::string encode(const model::VpcPeering&);
template std::string encode(const model::TransitGateway&);
template std::string encode(const model::TransitGatewayAttachment&);
template std::string encode(const model::CustomerGateway&);
template std::string encode(const model::VpnGateway&);
template std::string encode(const model::VpnConnection&);
template std::string encode(const model::IamUser&);
template std::string encode(const model::AccessKeyRecord&);
template std::string encode(const model::IamRole&);
template std::string encode(const model::IamPolicy&);
template std::string encode(const model::AccessEntry&);

}  // namespace sallyport::store
