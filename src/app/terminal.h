#pragma once

#include <string>
#include <string_view>
#include <vector>

// Text for people: colour where the reader is a terminal, plain elsewhere. Pure but for `colour_wanted`.
namespace sallyport::app {

enum class Tone { kPlain, kBold, kDim, kGood, kBad, kWarn };

// A terminal, NO_COLOR (no-color.org) unset and TERM not "dumb".
bool colour_wanted(int fd);

class Painter {
 public:
  explicit Painter(bool colour) : colour_(colour) {}
  // Control characters, which could drive a terminal, come out as '?'.
  std::string operator()(std::string_view text, Tone tone = Tone::kPlain) const;

 private:
  bool colour_;
};

struct Cell {
  std::string text;
  Tone tone = Tone::kPlain;
};

// Columns two blanks apart, the heading in bold; nothing at all when there are no rows.
std::string table(const Painter& paint, const std::vector<std::string>& heading,
                  const std::vector<std::vector<Cell>>& rows);
// "name   value" lines, names padded to the longest.
std::string pairs(const Painter& paint, const std::vector<std::pair<std::string, Cell>>& lines);

}  // namespace sallyport::app
