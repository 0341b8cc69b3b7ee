#pragma once

#include <string>
#include <string_view>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

// Members of the operator's JSON as the renderers read it: what is missing or of another kind is empty. Pure.
namespace sallyport::app {

// An empty object where there is none.
const boost::json::object& child(const boost::json::object& of, std::string_view key);
// A list's items joined by commas; yes or no.
std::string plain(const boost::json::value& value);
// … of a member.
std::string text(const boost::json::object& of, std::string_view key);
bool flag(const boost::json::object& of, std::string_view key);

// Calls `visit` for each object of a list.
template <class Fn>
void each(const boost::json::object& of, std::string_view key, Fn&& visit) {
  const boost::json::value* value = of.if_contains(key);
  if (value == nullptr || !value->is_array()) return;
  for (const boost::json::value& item : value->get_array()) {
    if (item.is_object()) visit(item.get_object());
  }
}

// … for each string of a list.
template <class Fn>
void each_text(const boost::json::object& of, std::string_view key, Fn&& visit) {
  const boost::json::value* value = of.if_contains(key);
  if (value == nullptr || !value->is_array()) return;
  for (const boost::json::value& item : value->get_array()) {
    if (item.is_string()) visit(std::string(item.get_string()));
  }
}

}  // namespace sallyport::app
