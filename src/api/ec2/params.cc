#include "api/ec2/params.h"

#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

namespace {

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || code != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Ec2Result<Params> Params::of(const wire::Pairs& pairs) {
  auto request = std::make_shared<Request>();
  for (const auto& [name, value] : pairs) {
    if (!wire::utf8_length(name) || !wire::utf8_length(value)) {
      return fault("InvalidParameterValue",
                   "Parameter " + wire::shortened(name) + " is not UTF-8; percent-encode its UTF-8 bytes");
    }
    if (!request->values.emplace(name, value).second) {
      return fault("InvalidParameterValue", "Parameter " + wire::shortened(name) + " is given more than once");
    }
  }
  Params params(std::move(request), "");
  for (const std::string_view always : {"Action", "Version", "DryRun"})
    params.text(always);
  // What a presigned or old-style signed request carries.
  for (const auto& [name, value] : params.request_->values) {
    if (base::ascii_iequals(std::string_view(name).substr(0, 6), "x-amz-")) params.request_->asked.insert(name);
  }
  return params;
}

std::optional<std::string> Params::text(std::string_view name) const {
  const std::string key = full_name(name);
  request_->asked.insert(key);
  const auto found = request_->values.find(key);
  if (found == request_->values.end() || found->second.empty()) return std::nullopt;
  return found->second;
}

std::string Params::text_or(std::string_view name, std::string_view otherwise) const {
  return text(name).value_or(std::string(otherwise));
}

Ec2Result<std::string> Params::required(std::string_view name) const {
  if (auto value = text(name)) return *std::move(value);
  return fault("MissingParameter", "The request must contain the parameter " + full_name(name));
}

Ec2Result<std::optional<std::string>> Params::text_within(std::string_view name, std::size_t characters) const {
  auto value = text(name);
  if (!value || *wire::utf8_length(*value) <= characters) return value;
  return invalid_value(full_name(name), *value, "Give at most " + std::to_string(characters) + " characters.");
}

Ec2Result<std::optional<bool>> Params::boolean(std::string_view name) const {
  const auto value = text(name);
  if (!value) return std::optional<bool>{};
  if (base::ascii_iequals(*value, "true")) return std::optional(true);
  if (base::ascii_iequals(*value, "false")) return std::optional(false);
  return invalid_value(full_name(name), *value, "Give true or false.");
}

Ec2Result<std::optional<std::int64_t>> Params::number(std::string_view name, std::int64_t least,
                                                      std::int64_t most) const {
  const auto value = text(name);
  if (!value) return std::optional<std::int64_t>{};
  std::int64_t number = 0;
  const auto [end, code] = std::from_chars(value->data(), value->data() + value->size(), number);
  if (code != std::errc{} || end != value->data() + value->size() || number < least || number > most) {
    return invalid_value(full_name(name), *value,
                         "Give a whole number from " + std::to_string(least) + " to " + std::to_string(most) + ".");
  }
  return std::optional(number);
}

Ec2Result<std::optional<model::Cidr>> Params::cidr(std::string_view name) const {
  const auto value = text(name);
  if (!value) return std::optional<model::Cidr>{};
  const auto block = model::Cidr::parse(*value);
  if (!block) return invalid_value(full_name(name), *value, block.error().message + ".");
  return std::optional(*block);
}

Ec2Result<model::Cidr> Params::required_cidr(std::string_view name) const {
  const auto value = cidr(name);
  if (!value) return fault(value.error());
  if (*value) return **value;
  return fault("MissingParameter", "The request must contain the parameter " + full_name(name));
}

std::set<std::uint64_t> Params::numbers(std::string_view name, bool structures) const {
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

std::vector<std::string> Params::list(std::string_view name) const {
  std::vector<std::string> values;
  for (const std::uint64_t number : numbers(name, false)) {
    if (auto value = text(std::string(name) + "." + std::to_string(number))) values.push_back(*std::move(value));
  }
  return values;
}

std::vector<Params> Params::structs(std::string_view name) const {
  std::vector<Params> all;
  for (const std::uint64_t number : numbers(name, true))
    all.push_back(under(std::string(name) + "." + std::to_string(number)));
  return all;
}

Params Params::under(std::string_view name) const { return {request_, full_name(name) + "."}; }

bool Params::has(std::string_view name) const {
  const std::string key = full_name(name);
  const auto at = request_->values.lower_bound(key);
  return at != request_->values.end() && (at->first == key || at->first.starts_with(key + "."));
}

std::optional<std::string> Params::unknown() const {
  for (const auto& [name, value] : request_->values) {
    if (!request_->asked.contains(name)) return name;
  }
  return std::nullopt;
}

}  // namespace sallyport::api::ec2
