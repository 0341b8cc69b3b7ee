#include "api/audit/file_name.h"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <system_error>

#include "base/time.h"

namespace sallyport::api::audit {

namespace {

constexpr std::string_view kEnding = ".jsonl";
constexpr std::size_t kAccountDigits = 12;
constexpr std::size_t kDateCharacters = 16;
constexpr std::size_t kNumberDigits = 3;

}  // namespace

FileName FileName::of(std::string_view account, std::string_view region, std::string_view since, std::uint32_t number) {
  std::string digits = std::to_string(number);
  if (digits.size() < kNumberDigits) digits.insert(0, kNumberDigits - digits.size(), '0');
  std::string text(account);
  text.append("_").append(region).append("_").append(since).append("_").append(digits).append(kEnding);
  return {std::string(since), number, std::move(text)};
}

std::optional<FileName> FileName::parse(std::string_view text) {
  if (!text.ends_with(kEnding)) return std::nullopt;
  const std::string_view stem = text.substr(0, text.size() - kEnding.size());
  const std::size_t before_number = stem.rfind('_');
  if (before_number == std::string_view::npos || before_number < kAccountDigits + 2 + kDateCharacters) {
    return std::nullopt;
  }
  const std::string_view since = stem.substr(before_number - kDateCharacters, kDateCharacters);
  const std::string_view digits = stem.substr(before_number + 1);
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool account = std::ranges::all_of(stem.substr(0, kAccountDigits), [](char c) { return c >= '0' && c <= '9'; });
  if (error != std::errc() || end != digits.data() + digits.size() || !account || stem[kAccountDigits] != '_' ||
      stem[before_number - kDateCharacters - 1] != '_' || !base::parse_amz_date(since)) {
    return std::nullopt;
  }
  return FileName{std::string(since), number, std::string(text)};
}

base::Result<std::vector<FileName>> files_in(const std::string& folder) {
  std::error_code failed;
  std::vector<FileName> found;
  std::filesystem::directory_iterator entries(folder, failed);
  for (; !failed && entries != std::filesystem::directory_iterator(); entries.increment(failed)) {
    if (auto name = FileName::parse(entries->path().filename().string())) found.push_back(*std::move(name));
  }
  if (failed) return base::fail(base::ErrorKind::kNotFound, folder + " cannot be read: " + failed.message());
  std::ranges::sort(found);
  return found;
}

}  // namespace sallyport::api::audit
