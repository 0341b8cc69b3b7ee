#include "app/shorthand.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>

namespace sallyport::app {

namespace {

namespace json = boost::json;
using base::ErrorKind;
using base::fail;

constexpr std::array<std::string_view, 3> kLists = {"publicAccessCidrs", "securityGroupIds", "subnetIds"};

// The text from left to right; what cannot be read is `fault`, said once.
class Shorthand {
 public:
  explicit Shorthand(std::string_view text) : rest_(text) {}

  base::Result<json::object> read() {
    json::object members;
    do {
      const std::size_t equals = rest_.find_first_of("=,");
      if (equals == std::string_view::npos || equals == 0 || rest_[equals] != '=') {
        return refuse("has no key=value at \"" + std::string(rest_.substr(0, 64)) + "\"");
      }
      const std::string key(rest_.substr(0, equals));
      rest_.remove_prefix(equals + 1);
      if (members.contains(key)) return refuse("names " + key + " twice");
      auto values = read_values();
      if (!values) return fail(values.error());
      const bool list = std::ranges::find(kLists, key) != kLists.end() || values->size() != 1;
      members[key] = list ? json::value(*std::move(values)) : boolean_or_text(values->front());
    } while (take(','));
    if (!rest_.empty()) return refuse("has \"" + std::string(rest_.substr(0, 64)) + "\" after a value");
    return members;
  }

 private:
  static tl::unexpected<base::Error> refuse(const std::string& what) {
    return fail(ErrorKind::kInvalidParameter,
                "--resources-vpc-config " + what +
                    "; write it as for aws eks update-cluster-config: endpointPublicAccess=true,"
                    "publicAccessCidrs=203.0.113.0/24,198.51.100.7/32,endpointPrivateAccess=true");
  }

  static json::value boolean_or_text(const json::value& value) {
    const json::string& text = value.get_string();
    if (text == "true" || text == "True") return true;
    if (text == "false" || text == "False") return false;
    return value;
  }

  bool take(char c) {
    if (!rest_.starts_with(c)) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Whether a comma is followed by another value of the same key.
  bool another_value() const {
    if (!rest_.starts_with(',')) return false;
    const std::size_t next = rest_.find_first_of(",=", 1);
    return next == std::string_view::npos || rest_[next] != '=';
  }

  base::Result<json::array> read_values() {
    json::array values;
    if (take('[')) {
      if (take(']')) return values;
      do {
        auto value = read_value("],");
        if (!value) return fail(value.error());
        values.emplace_back(*value);
      } while (take(','));
      if (!take(']')) return refuse("has a [ without its ]");
      return values;
    }
    while (true) {
      auto value = read_value(",");
      if (!value) return fail(value.error());
      values.emplace_back(*value);
      if (!another_value()) return values;
      take(',');
    }
  }

  base::Result<std::string> read_value(std::string_view ends) {
    for (const char quote : {'"', '\''}) {
      if (!take(quote)) continue;
      const std::size_t end = rest_.find(quote);
      if (end == std::string_view::npos) return refuse("has a quote without its end");
      std::string value(rest_.substr(0, end));
      rest_.remove_prefix(end + 1);
      return value;
    }
    std::string value(rest_.substr(0, rest_.find_first_of(ends)));
    rest_.remove_prefix(value.size());
    return value;
  }

  std::string_view rest_;
};

}  // namespace

base::Result<json::object> parse_vpc_config_option(std::string_view text) {
  if (!text.starts_with('{')) return Shorthand(text).read();
  boost::system::error_code failed;
  json::value value = json::parse(text, failed);
  if (failed || !value.is_object()) {
    return fail(ErrorKind::kInvalidParameter, "--resources-vpc-config begins with { but is no JSON object");
  }
  return std::move(value.get_object());
}

}  // namespace sallyport::app
