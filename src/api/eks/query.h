#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "wire/uri.h"

namespace sallyport::api::eks {

// The query parameters of one request, each name one the operation knows. What a presigned request
// carries (X-Amz-…) and the marker some SDKs add (x-id) are passed over.
class Query {
 public:
  // kInvalidParameter for broken percent-encoding, bytes that are not UTF-8, and unknown names.
  static base::Result<Query> parse(std::string_view text, std::initializer_list<std::string_view> known);

  // Not given, and empty, are nothing; given twice is kInvalidParameter.
  base::Result<std::optional<std::string>> one(std::string_view name) const;
  std::vector<std::string> all(std::string_view name) const;
  // `maxResults`: 1 to limits::kPageEntries, which is also the default.
  base::Result<std::size_t> max_results() const;

 private:
  wire::Pairs pairs_;
};

}  // namespace sallyport::api::eks
