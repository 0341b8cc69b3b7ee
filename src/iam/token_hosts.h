#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/ids.h"

namespace sallyport::iam {

// The hosts a token may be presigned for: STS's own names, and where this Sallyport's API is reached. Immutable.
class TokenHosts {
 public:
  // `origins`: "http://127.0.0.1:8787", "https://api.example.com"; a host of 0.0.0.0 or [::] means every address
  // literal with that port. Plain http is taken for these origins alone.
  TokenHosts(const model::Region& region, const std::vector<std::string>& origins);

  // `host` with the port where it is not the scheme's own, as wire::EksToken has it.
  bool admits(std::string_view scheme, std::string_view host) const;

 private:
  std::set<std::string, std::less<>> origins_;
  std::set<std::pair<std::string, std::string>> any_address_;  // scheme and port
};

}  // namespace sallyport::iam
