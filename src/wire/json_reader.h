#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "wire/json_value.h"

namespace sallyport::wire {

// The first thing found wrong with a document; later ones are not kept.
using JsonFault = std::optional<base::Error>;

// Reads the members of one object by name and type, and knows the path to it, so that what is wrong is
// told as "resourcesVpcConfig.endpointPublicAccess must be a boolean, is the string "yes"". A member of
// the wrong type records a fault (kInvalidParameter) and reads as not given, so that a caller reads on
// and looks at the fault once; null reads as not given, without a fault. The object and the fault must
// outlive the reader.
class JsonReader {
 public:
  JsonReader(const JsonObject& object, std::string path, JsonFault& fault)
      : object_(&object), path_(std::move(path)), fault_(&fault) {}

  bool has(std::string_view name);
  std::optional<bool> boolean(std::string_view name);
  std::optional<std::string> text(std::string_view name);
  std::optional<std::vector<std::string>> texts(std::string_view name);
  std::optional<JsonReader> object(std::string_view name);
  std::optional<std::vector<JsonReader>> objects(std::string_view name);
  // An object whose members' values are all strings.
  std::optional<std::vector<std::pair<std::string, std::string>>> map(std::string_view name);

  // Records a fault about a member: "<path of name> <why>".
  void refuse(std::string_view name, std::string_view why);
  // Records a fault when the object has a member that was never asked for; call it last.
  void finish();

  std::string path_of(std::string_view name) const;
  const std::string& path() const { return path_; }

 private:
  const Json* find(std::string_view name);
  void wrong_type(const std::string& path, std::string_view wanted, const Json& found);

  const JsonObject* object_;
  std::string path_;
  JsonFault* fault_;
  std::vector<std::string> asked_;
};

// What a value is, for a message: `the string "yes"`, "the number 5", "a list".
std::string describe(const Json& json);

}  // namespace sallyport::wire
