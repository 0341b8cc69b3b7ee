#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/fault.h"

// For tests of the operations of Query-protocol services.
namespace sallyport::api {

// What one call came to. `text` and `texts` read elements by name wherever they stand, in order.
struct QueryAnswer {
  std::string xml;  // empty when refused
  std::optional<Fault> fault;

  bool ok() const { return !fault.has_value(); }
  std::string code() const { return fault ? fault->code : ""; }
  std::string message() const { return fault ? fault->message : ""; }

  std::vector<std::string> texts(std::string_view name) const {
    const std::string open = "<" + std::string(name) + ">";
    const std::string close = "</" + std::string(name) + ">";
    std::vector<std::string> found;
    for (std::size_t at = xml.find(open); at != std::string::npos; at = xml.find(open, at + 1)) {
      const std::size_t start = at + open.size();
      found.push_back(xml.substr(start, xml.find(close, start) - start));
    }
    return found;
  }
  std::string text(std::string_view name) const {
    const auto found = texts(name);
    return found.empty() ? "" : found.front();
  }
};

}  // namespace sallyport::api
