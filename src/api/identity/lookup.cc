#include "api/identity/lookup.h"

#include <chrono>

#include "iam/names.h"
#include "wire/json_value.h"

namespace sallyport::api::identity {

namespace {
constexpr std::size_t kDescriptionCharacters = 1'000;
}  // namespace

IamResult<std::string> new_name(const QueryParams& params, std::string_view parameter, std::size_t longest) {
  auto name = params.required(parameter);
  if (!name || iam::is_name(*name, longest)) return name;
  return params.invalid(parameter, *name,
                        "Give at most " + std::to_string(longest) + " letters, digits and characters of +=,.@_-");
}

IamResult<std::string> path_in(const QueryParams& params, std::string_view parameter) {
  std::string path = params.text_or(parameter, "/");
  if (iam::is_path(path)) return path;
  return params.invalid(parameter, path,
                        "Give / or a path that begins and ends with it, of at most 512 printable ASCII characters.");
}

IamResult<std::string> path_prefix(const QueryParams& params) {
  constexpr std::string_view kName = "PathPrefix";
  std::string prefix = params.text_or(kName, "/");
  if (prefix.starts_with('/')) return prefix;
  return params.invalid(kName, prefix, "Paths begin with /");
}

IamResult<std::string> description_in(const QueryParams& params) {
  const auto given = params.text_within("Description", kDescriptionCharacters);
  if (!given) return fault(given.error());
  return given->value_or("");
}

base::Time second_of(base::Time time) { return std::chrono::floor<base::Seconds>(time); }

void render_time(Xml& xml, std::string_view name, base::Time time) { xml.text(name, base::format_rfc3339(time)); }

}  // namespace sallyport::api::identity
