#include "api/query_params.h"

#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "wire/json_value.h"

namespace sallyport::api {

namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Checked<QueryParams> QueryParams::of(const wire::Pairs& pairs, const ParamCodes& codes) {
  auto request = std::make_shared<Request>();
  request->codes = codes;
  for (const auto& [name, value] : pairs) {
    if (!wire::utf8_length(name) || !wire::utf8_length(value)) {
      return fault(std::string(codes.invalid),
                   "Parameter " + wire::shortened(name) + " is not UTF-8; percent-encode its UTF-8 bytes");
    }
    if (!request->values.emplace(name, value).second) {
      return fault(std::string(codes.invalid), "Parameter " + wire::shortened(name) + " is given more than once");
    }
  }
  QueryParams params(std::move(request), "");
  for (const std::string_view always : {"Action", "Version"})
    params.text(always);
  // What a presigned or old-style signed request carries.
  for (const auto& [name, value] : params.request_->values) {
    if (base::ascii_iequals(std::string_view(name).substr(0, 6), "x-amz-")) params.request_->asked.insert(name);
  }
  return params;
}

tl::unexpected<Fault> QueryParams::invalid(std::string_view name, std::string_view value,
                                           const std::string& why) const {
  return fault(std::string(request_->codes.invalid),
               "Value (" + wire::shortened(value) + ") for parameter " + full_name(name) + " is invalid. " + why);
}

std::optional<std::string> QueryParams::text(std::string_view name) const {
  const std::string key = full_name(name);
  request_->asked.insert(key);
  const auto found = request_->values.find(key);
  if (found == request_->values.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::string QueryParams::text_or(std::string_view name, std::string_view otherwise) const {
  return text(name).value_or(std::string(otherwise));
}

Checked<std::string> QueryParams::required(std::string_view name) const {
  if (auto value = text(name)) return *std::move(value);
  return fault(std::string(request_->codes.missing), "The request must contain the parameter " + full_name(name));
}

Checked<std::optional<std::string>> QueryParams::text_within(std::string_view name, std::size_t characters) const {
  auto value = text(name);
  if (!value || *wire::utf8_length(*value) <= characters) return value;
  return invalid(name, *value, "Give at most " + std::to_string(characters) + " characters.");
}

Checked<std::optional<bool>> QueryParams::boolean(std::string_view name) const {
  const auto value = text(name);
  if (!value) return std::optional<bool>{};
  if (base::ascii_iequals(*value, "true")) return std::optional(true);
  if (base::ascii_iequals(*value, "false")) return std::optional(false);
  return invalid(name, *value, "Give true or false.");
}

Checked<std::optional<std::int64_t>> QueryParams::number(std::string_view name, std::int64_t least,
                                                         std::int64_t most) const {
  const auto value = text(name);
  if (!value) return std::optional<std::int64_t>{};
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (code != std::errc{} || end != value->data() + value->size() || number < least || number > most) {
    return invalid(name, *value,
                   "Give a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
  }
  return std::optional(number);
}

std::set<std::uint64_t> QueryParams::numbers(std::string_view name, bool structures) const {
  const std::string start = full_name(name) + ".";
  std::set<std::uint64_t> found;
  for (auto at = request_->values.lower_bound(start); at != request_->values.end() && at->first.starts_with(start);
       ++at) {
    std::string_view rest = std::string_view(at->first).substr(start.size());
    const std::size_t dot = rest.find('.');
    if ((dot != std::string_view::npos) != structures) continue;
    if (const auto number = whole_number(rest.substr(0, dot))) found.insert(*number);
  }
  return found;
}

std::vector<std::string> QueryParams::list(std::string_view name) const {
  std::vector<std::string> values;
  for (const std::uint64_t number : numbers(name, false)) {
    if (auto value = text(std::string(name) + "." + std::to_string(number))) values.push_back(*std::move(value));
  }
  return values;
}

std::vector<QueryParams> QueryParams::structs(std::string_view name) const {
  std::vector<QueryParams> all;
  for (const std::uint64_t number : numbers(name, true))
    all.push_back(under(std::string(name) + "." + std::to_string(number)));
  return all;
}

QueryParams QueryParams::under(std::string_view name) const { return {request_, full_name(name) + "."}; }

bool QueryParams::has(std::string_view name) const {
  const std::string key = full_name(name);
  const auto at = request_->values.lower_bound(key);
  return at != request_->values.end() && (at->first == key || at->first.starts_with(key + "."));
}

std::optional<std::string> QueryParams::unknown() const {
  for (const auto& [name, value] : request_->values) {
    if (!request_->asked.contains(name)) return name;
  }
  return std::nullopt;
}

}  // namespace sallyport::api
