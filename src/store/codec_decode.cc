#include <concepts>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
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
using base::ErrorKind;
using base::fail;

// Enumerations travel by their names.
std::optional<model::ClusterStatus> parse_as(std::string_view text, model::ClusterStatus) {
  return model::parse_cluster_status(text);
}
std::optional<model::AuthenticationMode> parse_as(std::string_view text, model::AuthenticationMode) {
  return model::parse_authentication_mode(text);
}
std::optional<model::LogType> parse_as(std::string_view text, model::LogType) { return model::parse_log_type(text); }
std::optional<model::UpdateStatus> parse_as(std::string_view text, model::UpdateStatus) {
  return model::parse_update_status(text);
}
std::optional<model::UpdateStep> parse_as(std::string_view text, model::UpdateStep) {
  return model::parse_update_step(text);
}

// Reads one entity, keeping the first problem and where it was.
class Reader {
 public:
  explicit Reader(std::string root) : path_(std::move(root)) {}

  const std::optional<base::Error>& problem() const { return problem_; }

  template <class T>
  void read(const json::value& from, T& to) {
    if (!problem_) read_one(from, to);
  }

 private:
  struct Members {
    Reader& reader;
    const json::object& object;
    std::size_t seen = 0;

    template <class T>
    void operator()(const char* name, T& member) {
      const json::value* found = object.if_contains(name);
      const std::size_t length = reader.path_.size();
      reader.path_.append(".").append(name);
      if (found == nullptr) {
        reader.refuse("is missing");
      } else {
        ++seen;
        reader.read(*found, member);
      }
      reader.path_.resize(length);
    }
  };

  void refuse(const std::string& why) {
    if (!problem_) problem_ = base::Error{ErrorKind::kCorrupt, "stored " + path_ + " " + why, path_};
  }

  void read_one(const json::value& from, bool& to) {
    if (from.is_bool()) {
      to = from.get_bool();
    } else {
      refuse("is not a boolean");
    }
  }

  template <std::integral Int>
  void read_one(const json::value& from, Int& to) {
    const std::int64_t* narrow = from.if_int64();
    const std::uint64_t* wide = from.if_uint64();
    if (narrow != nullptr && std::in_range<Int>(*narrow)) {
      to = static_cast<Int>(*narrow);
    } else if (wide != nullptr && std::in_range<Int>(*wide)) {
      to = static_cast<Int>(*wide);
    } else {
      using Range = std::numeric_limits<Int>;
      refuse("is not a whole number from " + std::to_string(Range::min()) + " to " + std::to_string(Range::max()));
    }
  }

  void read_one(const json::value& from, std::string& to) {
    if (const json::string* text = from.if_string()) {
      to.assign(text->data(), text->size());
    } else {
      refuse("is not a string");
    }
  }

  void read_one(const json::value& from, base::Time& to) {
    const std::int64_t* count = from.if_int64();
    if (count == nullptr) return refuse("is not a time");
    to = base::Time(base::Millis(*count));
  }

  void read_one(const json::value& from, model::Revision& to) {
    std::uint64_t number = 0;
    read_one(from, number);
    to = model::Revision(number);
  }

  template <class Tag>
  void read_one(const json::value& from, base::StrongString<Tag>& to) {
    std::string text;
    read_one(from, text);
    to = base::StrongString<Tag>(std::move(text));
  }

  void read_one(const json::value& from, base::IpAddress& to) {
    std::string text;
    read_one(from, text);
    const auto address = base::IpAddress::parse(text);
    if (!address) return refuse("is not an IP address");
    to = *address;
  }

  void read_one(const json::value& from, base::SocketAddress& to) {
    std::string text;
    read_one(from, text);
    const auto address = base::SocketAddress::parse(text);
    if (!address) return refuse("is not an address with a port");
    to = *address;
  }

  void read_one(const json::value& from, model::Cidr& to) {
    std::string text;
    read_one(from, text);
    const auto block = model::Cidr::parse(text);
    if (!block) return refuse("is not a CIDR block");
    to = *block;
  }

  void read_one(const json::value& from, model::CidrSet& to) {
    std::vector<model::Cidr> blocks;
    read_one(from, blocks);
    to = model::CidrSet(std::move(blocks));
  }

  template <class E>
    requires std::is_enum_v<E>
  void read_one(const json::value& from, E& to) {
    std::string text;
    read_one(from, text);
    const std::optional<E> value = parse_as(text, E{});
    if (!value) return refuse("has the unknown value '" + text + "'");
    to = *value;
  }

  template <class T>
  void read_one(const json::value& from, std::optional<T>& to) {
    if (from.is_null()) {
      to.reset();
    } else {
      read_one(from, to.emplace());
    }
  }

  template <class T>
  void read_one(const json::value& from, std::vector<T>& to) {
    const json::array* array = from.if_array();
    if (array == nullptr) return refuse("is not an array");
    to.clear();
    to.reserve(array->size());
    for (const json::value& element : *array)
      read(element, to.emplace_back());
  }

  template <class T>
  void read_one(const json::value& from, std::set<T>& to) {
    std::vector<T> elements;
    read_one(from, elements);
    to = std::set<T>(elements.begin(), elements.end());
    if (to.size() != elements.size()) refuse("holds an element twice");
  }

  template <class T>
  void read_one(const json::value& from, std::map<std::string, T>& to) {
    const json::object* object = from.if_object();
    if (object == nullptr) return refuse("is not an object");
    to.clear();
    for (const auto& [key, element] : *object)
      read(element, to[std::string(key)]);
  }

  void read_one(const json::value& from, model::Change& to) {
    const json::object* object = from.if_object();
    const json::value* type = object == nullptr ? nullptr : object->if_contains("type");
    const json::value* value = object == nullptr ? nullptr : object->if_contains("value");
    if (type == nullptr || value == nullptr || !type->is_string() || object->size() != 2) {
      return refuse("is not a change");
    }
    const std::string_view name(type->get_string().data(), type->get_string().size());
    if (!read_alternative<model::AccessChange>(name, *value, to) &&
        !read_alternative<model::VpcConfigChange>(name, *value, to) &&
        !read_alternative<model::LoggingChange>(name, *value, to) &&
        !read_alternative<model::DeletionProtectionChange>(name, *value, to) &&
        !read_alternative<model::AuthenticationModeChange>(name, *value, to)) {
      refuse("has an unknown type");
    }
  }

  template <class T>
  bool read_alternative(std::string_view name, const json::value& from, model::Change& to) {
    T value;
    if (type_of(model::Change(value)) != name) return false;
    read_one(from, value);
    to = std::move(value);
    return true;
  }

  template <class T>
    requires requires(Members& members, T& value) { fields(members, value); }
  void read_one(const json::value& from, T& to) {
    const json::object* object = from.if_object();
    if (object == nullptr) return refuse("is not an object");
    Members members{*this, *object};
    fields(members, to);
    if (members.seen != object->size()) refuse("has members this version does not know");
  }

  std::string path_;
  std::optional<base::Error> problem_;
};

}  // namespace

template <class T>
base::Result<T> decode(std::string_view text) {
  const std::string root = kRoot<T>;
  boost::system::error_code error;
  json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error) return fail(ErrorKind::kCorrupt, "stored " + root + " is not JSON: " + error.message(), root);
  if (json::object* object = parsed.if_object()) {
    const json::value* format = object->if_contains("format");
    if (format == nullptr || *format != json::value(kFormat)) {
      return fail(ErrorKind::kCorrupt, "stored " + root + ".format is not " + std::to_string(kFormat),
                  root + ".format");
    }
    object->erase("format");
  }
  T value;
  Reader reader(root);
  reader.read(parsed, value);
  if (reader.problem()) return fail(*reader.problem());
  return value;
}

template base::Result<model::Cluster> decode(std::string_view);
template base::Result<model::Update> decode(std::string_view);
template base::Result<model::Vpc> decode(std::string_view);
template base::Result<model::Subnet> decode(std::string_view);
template base::Result<model::SecurityGroup> decode(std::string_view);
template base::Result<model::DhcpOptions> decode(std::string_view);
template base::Result<model::PrefixList> decode(std::string_view);
template base::Result<model::NetworkInterface> decode(std::string_view);
template base::Result<model::ElasticIp> decode(std::string_view);
template base::Result<model::NatGateway> decode(std::string_view);
template base::Result<model::VpcPeering> decode(std::string_view);
template base::Result<model::TransitGateway> decode(std::string_view);
template base::Result<model::TransitGatewayAttachment> decode(std::string_view);
template base::Result<model::CustomerGateway> decode(std::string_view);
template base::Result<model::VpnGateway> decode(std::string_view);
template base::Result<model::VpnConnection> decode(std::string_view);
template base::Result<model::IamUser> decode(std::string_view);
template base::Result<model::AccessKeyRecord> decode(std::string_view);
template base::Result<model::IamRole> decode(std::string_view);
template base::Result<model::IamPolicy> decode(std::string_view);
template base::Result<model::AccessEntry> decode(std::string_view);

}  // namespace sallyport::store
