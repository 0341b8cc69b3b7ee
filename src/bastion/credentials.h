#pragma once

#include <algorithm>
#include <string>

namespace sallyport::bastion {

// What a client says who it is; nothing in it is proven.
struct Credentials {
  std::string access_key_id;
  std::string secret;  // never logged

  // Whether they could be an access key at all. Also what keeps an id from adding lines to a request.
  bool plausible() const {
    constexpr std::size_t kLeastId = 16;
    constexpr std::size_t kMostId = 128;
    constexpr std::size_t kMostSecret = 255;
    const auto is_id = [](char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); };
    return access_key_id.size() >= kLeastId && access_key_id.size() <= kMostId &&
           std::ranges::all_of(access_key_id, is_id) && !secret.empty() && secret.size() <= kMostSecret;
  }
  // Fit for a log: a secret given in place of an id does not look like an id.
  std::string shown() const { return plausible() ? access_key_id : "-"; }
};

}  // namespace sallyport::bastion
