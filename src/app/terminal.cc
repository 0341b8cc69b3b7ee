#include "app/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace sallyport::app {

namespace {

std::string_view code(Tone tone) {
  switch (tone) {
    case Tone::kPlain: return "";
    case Tone::kBold: return "\033[1m";
    case Tone::kDim: return "\033[2m";
    case Tone::kGood: return "\033[32m";
    case Tone::kBad: return "\033[31m";
    case Tone::kWarn: return "\033[33m";
  }
  return "";
}

// Code points: continuation bytes of UTF-8 do not count.
std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(
      std::ranges::count_if(text, [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

std::string padding(std::string_view text, std::size_t wanted) {
  const std::size_t have = width(text);
  return std::string(have < wanted ? wanted - have : 0, ' ');
}

}  // namespace

bool colour_wanted(int fd) {
  const char* no_colour = std::getenv("NO_COLOR");
  const char* terminal = std::getenv("TERM");
  if (no_colour != nullptr && *no_colour != '\0') return false;
  if (terminal != nullptr && std::string_view(terminal) == "dumb") return false;
  return ::isatty(fd) == 1;
}

std::string Painter::operator()(std::string_view text, Tone tone) const {
  std::string clean(text);
  std::ranges::replace_if(
      clean, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, '?');
  if (!colour_ || tone == Tone::kPlain || clean.empty()) return clean;
  return std::string(code(tone)) + clean + "\033[0m";
}

std::string table(const Painter& paint, const std::vector<std::string>& heading,
                  const std::vector<std::vector<Cell>>& rows) {
  if (rows.empty()) return {};
  std::vector<std::size_t> widths;
  for (const std::string& name : heading)
    widths.push_back(width(name));
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size() && i < widths.size(); ++i)
      widths[i] = std::max(widths[i], width(row[i].text));
  }
  std::string out;
  const auto line = [&](const std::vector<Cell>& cells) {
    for (std::size_t i = 0; i < cells.size() && i < widths.size(); ++i) {
      out += paint(cells[i].text, cells[i].tone);
      if (i + 1 < cells.size()) out += padding(cells[i].text, widths[i]) + "  ";
    }
    out += '\n';
  };
  std::vector<Cell> names;
  for (const std::string& name : heading)
    names.push_back({name, Tone::kBold});
  line(names);
  for (const auto& row : rows)
    line(row);
  return out;
}

std::string pairs(const Painter& paint, const std::vector<std::pair<std::string, Cell>>& lines) {
  std::size_t widest = 0;
  for (const auto& [name, value] : lines)
    widest = std::max(widest, width(name));
  std::string out;
  for (const auto& [name, value] : lines) {
    out += paint(name, Tone::kDim) + padding(name, widest) + "  " + paint(value.text, value.tone) + '\n';
  }
  return out;
}

}  // namespace sallyport::app
