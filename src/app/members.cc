#include "app/members.h"

#include <boost/json/serialize.hpp>

namespace sallyport::app {

namespace json = boost::json;

std::string plain(const json::value& value) {
  if (value.is_string()) return std::string(value.get_string());
  if (value.is_bool()) return value.get_bool() ? "yes" : "no";
  if (!value.is_array()) return value.is_null() ? std::string() : json::serialize(value);
  std::string text;
  for (const json::value& item : value.get_array())
    text += (text.empty() ? "" : ", ") + plain(item);
  return text;
}

const json::object& child(const json::object& of, std::string_view key) {
  static const json::object none;
  const json::value* value = of.if_contains(key);
  return value != nullptr && value->is_object() ? value->get_object() : none;
}

std::string text(const json::object& of, std::string_view key) {
  const json::value* value = of.if_contains(key);
  return value != nullptr ? plain(*value) : std::string();
}

bool flag(const json::object& of, std::string_view key) {
  const json::value* value = of.if_contains(key);
  return value != nullptr && value->is_bool() && value->get_bool();
}

}  // namespace sallyport::app
