#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "wire/json_value.h"

namespace sallyport::api::audit {

// What stands in a record in the place of a secret; CloudTrail's words.
inline constexpr std::string_view kHidden = "HIDDEN_DUE_TO_SECURITY_REASONS";

// Whether what is called so is a secret, however it is spelt: "SecretAccessKey", "secret_access_key",
// "X-Amz-Security-Token", "PreSharedKey". Tokens that name a request or a page are none.
bool is_secret_name(std::string_view name);

// Takes secrets out of what a record will hold, and remembers them to find them again where they are quoted.
class Redaction {
 public:
  // `json`, which is called `name`, with each secret in it replaced: by its own name, by the name that a list of names
  // and values gives it ({"Key": "password", "Value": …}), or by what it looks like (tokens of clusters, signed URLs,
  // private keys).
  wire::Json hide(std::string_view name, const wire::Json& json);
  // `text` without what `hide` replaced, and without the beginnings of it that error messages quote.
  std::string scrub(std::string_view text) const;
  // Every text in `json` scrubbed.
  wire::Json scrub_all(const wire::Json& json) const;

 private:
  void remember(const wire::Json& secret);

  std::vector<std::string> secrets_;
  bool too_many_ = false;
};

}  // namespace sallyport::api::audit
