#include "wire/sigv4_date.h"

#include <array>
#include <string>

namespace sallyport::wire::sigv4 {

namespace {

constexpr std::size_t kZoneAt = std::string_view("Sun, 06 Nov 1994 08:49:37").size();
constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string month_digits(std::string_view name) {
  for (std::size_t i = 0; i < kMonths.size(); ++i) {
    if (kMonths[i] == name) return std::string(i + 1 < 10 ? "0" : "") + std::to_string(i + 1);
  }
  return "00";
}

}  // namespace

base::Result<base::Time> parse_date_header(std::string_view text) {
  // Rewritten to the form of X-Amz-Date, whose parser checks every field. The day's name is not compared:
  // it says nothing that the date does not.
  if (text.size() < kZoneAt || text.substr(3, 2) != ", ") return base::parse_amz_date(text);
  const std::string_view zone = text.substr(kZoneAt);
  if (zone != " GMT" && zone != " -0000" && zone != " +0000") return base::parse_amz_date(text);
  const auto cut = [&](std::size_t at, std::size_t count) { return std::string(text.substr(at, count)); };
  return base::parse_amz_date(cut(12, 4) + month_digits(text.substr(8, 3)) + cut(5, 2) + 'T' + cut(17, 2) + cut(20, 2) +
                              cut(23, 2) + 'Z');
}

}  // namespace sallyport::wire::sigv4
