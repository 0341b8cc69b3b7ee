#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sallyport::api::audit {

// The name of a file of records: "000000000000_us-east-1_20261124T143000Z_000.jsonl". In the order of `since` and
// `number`, which never go back within a folder, whatever the clock does.
struct FileName {
  std::string since;  // when it was begun
  std::uint32_t number = 0;
  std::string text;  // the whole name

  static FileName of(std::string_view account, std::string_view region, std::string_view since, std::uint32_t number);
  // Nothing for another file's name.
  static std::optional<FileName> parse(std::string_view text);

  friend auto operator<=>(const FileName&, const FileName&) = default;
};

// The files of records in a folder, oldest first; other files are not looked at. kNotFound when there is no folder.
base::Result<std::vector<FileName>> files_in(const std::string& folder);

// Of what the user may never have called, beside the others.
inline std::string unauthenticated_folder(const std::string& folder) { return folder + "/unauthenticated"; }

}  // namespace sallyport::api::audit
