#include "wire/json_reader.h"

#include <algorithm>

namespace sallyport::wire {

bool JsonReader::has(std::string_view name) { return find(name) != nullptr; }

std::optional<bool> JsonReader::boolean(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (const bool* value = found->as_bool()) return *value;
  wrong_type(path_of(name), "a boolean (true or false, without quotes)", *found);
  return std::nullopt;
}

std::optional<std::string> JsonReader::text(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (const std::string* value = found->as_string()) return *value;
  wrong_type(path_of(name), "a string", *found);
  return std::nullopt;
}

std::optional<std::vector<std::string>> JsonReader::texts(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return std::nullopt;
  const JsonArray* array = found->as_array();
  if (array == nullptr) {
    wrong_type(path_of(name), "a list of strings", *found);
    return std::nullopt;
  }
  std::vector<std::string> values;
  values.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    const Json& element = (*array)[i];
    const std::string* value = element.as_string();
    if (value == nullptr) {
      wrong_type(path_of(name) + "[" + std::to_string(i) + "]", "a string", element);
      return std::nullopt;
    }
    values.push_back(*value);
  }
  return values;
}

std::optional<JsonReader> JsonReader::object(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return std::nullopt;
  if (const JsonObject* value = found->as_object()) return JsonReader(*value, path_of(name), *fault_);
  wrong_type(path_of(name), "an object", *found);
  return std::nullopt;
}

std::optional<std::vector<JsonReader>> JsonReader::objects(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return std::nullopt;
  const JsonArray* array = found->as_array();
  if (array == nullptr) {
    wrong_type(path_of(name), "a list of objects", *found);
    return std::nullopt;
  }
  std::vector<JsonReader> readers;
  readers.reserve(array->size());
  for (std::size_t i = 0; i < array->size(); ++i) {
    const std::string path = path_of(name) + "[" + std::to_string(i) + "]";
    const JsonObject* value = (*array)[i].as_object();
    if (value == nullptr) {
      wrong_type(path, "an object", (*array)[i]);
      return std::nullopt;
    }
    readers.emplace_back(*value, path, *fault_);
  }
  return readers;
}

std::optional<std::vector<std::pair<std::string, std::string>>> JsonReader::map(std::string_view name) {
  const Json* found = find(name);
  if (found == nullptr) return std::nullopt;
  const JsonObject* members = found->as_object();
  if (members == nullptr) {
    wrong_type(path_of(name), "an object of strings", *found);
    return std::nullopt;
  }
  std::vector<std::pair<std::string, std::string>> entries;
  entries.reserve(members->size());
  for (const JsonMember& member : *members) {
    const std::string* value = member.value.as_string();
    if (value == nullptr) {
      wrong_type(path_of(name) + "[\"" + shortened(member.name) + "\"]", "a string", member.value);
      return std::nullopt;
    }
    entries.emplace_back(member.name, *value);
  }
  return entries;
}

void JsonReader::refuse(std::string_view name, std::string_view why) {
  if (*fault_) return;
  const std::string path = path_of(name);
  *fault_ = base::Error{base::ErrorKind::kInvalidParameter, path + " " + std::string(why), path};
}

void JsonReader::finish() {
  if (*fault_) return;
  for (const JsonMember& member : *object_) {
    if (std::ranges::find(asked_, member.name) != asked_.end()) continue;
    std::string known;
    for (const std::string& name : asked_)
      known += (known.empty() ? "" : ", ") + name;
    refuse(shortened(member.name), "is not a known member; the members here are: " + known);
    return;
  }
}

std::string JsonReader::path_of(std::string_view name) const {
  return path_.empty() ? std::string(name) : path_ + "." + std::string(name);
}

const Json* JsonReader::find(std::string_view name) {
  if (std::ranges::find(asked_, name) == asked_.end()) asked_.emplace_back(name);
  const auto found = std::ranges::find(*object_, name, &JsonMember::name);
  return found == object_->end() || found->value.is_null() ? nullptr : &found->value;
}

void JsonReader::wrong_type(const std::string& path, std::string_view wanted, const Json& found) {
  if (*fault_) return;
  *fault_ = base::Error{base::ErrorKind::kInvalidParameter,
                        path + " must be " + std::string(wanted) + ", is " + describe(found), path};
}

std::string describe(const Json& json) {
  if (const bool* value = json.as_bool()) return *value ? "the boolean true" : "the boolean false";
  if (const JsonNumber* number = json.as_number()) return "the number " + shortened(number->literal, 32);
  if (const std::string* text = json.as_string()) return "the string \"" + shortened(*text) + "\"";
  if (json.as_array() != nullptr) return "a list";
  return json.as_object() != nullptr ? "an object" : "null";
}

}  // namespace sallyport::wire
