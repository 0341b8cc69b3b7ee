#include "iam/pattern.h"

#include <cstddef>

namespace sallyport::iam {

namespace {

constexpr std::string_view kBlank = " ";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(kBlank))
    text.remove_prefix(1);
  while (text.ends_with(kBlank))
    text.remove_suffix(1);
  return text;
}

bool is_escape(std::string_view name) { return name == "*" || name == "?" || name == "$"; }

// "aws:username, 'nobody'" looked up.
std::optional<std::string> value_of(std::string_view variable, const Pattern::Lookup& lookup) {
  const std::size_t comma = variable.find(',');
  if (auto found = lookup(trimmed(variable.substr(0, comma)))) return found;
  if (comma == std::string_view::npos) return std::nullopt;
  std::string_view fallback = trimmed(variable.substr(comma + 1));
  if (fallback.size() < 2 || !fallback.starts_with('\'') || !fallback.ends_with('\'')) return std::nullopt;
  return std::string(fallback.substr(1, fallback.size() - 2));
}

}  // namespace

void Pattern::append(char character, Mark::Kind kind) {
  marks_.push_back({kind, character});
  literal_.push_back(character);
}

std::optional<Pattern> Pattern::of(std::string_view text, const Lookup& lookup, bool variables) {
  Pattern made;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::size_t end = variables && text.substr(i).starts_with("${") ? text.find('}', i) : std::string_view::npos;
    if (end != std::string_view::npos) {
      const std::string_view name = text.substr(i + 2, end - i - 2);
      const auto value = is_escape(name) ? std::optional(std::string(name)) : value_of(name, lookup);
      if (!value) return std::nullopt;
      for (const char c : *value)
        made.append(c, Mark::Kind::kCharacter);
      i = end;
    } else if (text[i] == '*') {
      made.append('*', Mark::Kind::kAny);
    } else if (text[i] == '?') {
      made.append('?', Mark::Kind::kOne);
    } else {
      made.append(text[i], Mark::Kind::kCharacter);
    }
  }
  return made;
}

// Goes back to the last `*` alone when it fails: a `*` before that can give nothing the last one cannot.
template <class Equal>
bool Pattern::matches(std::string_view text, Equal equal) const {
  std::size_t at = 0;
  std::size_t mark = 0;
  std::optional<std::size_t> star;
  std::size_t resume = 0;
  while (at < text.size()) {
    if (mark < marks_.size() && marks_[mark].kind == Mark::Kind::kAny) {
      star = mark++;
      resume = at;
    } else if (mark < marks_.size() &&
               (marks_[mark].kind == Mark::Kind::kOne || equal(marks_[mark].character, text[at]))) {
      ++mark;
      ++at;
    } else if (star) {
      mark = *star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (mark < marks_.size() && marks_[mark].kind == Mark::Kind::kAny)
    ++mark;
  return mark == marks_.size();
}

bool Pattern::matches(std::string_view text) const {
  return matches(text, [](char a, char b) { return a == b; });
}

bool Pattern::matches_ignoring_case(std::string_view text) const {
  return matches(text, [](char a, char b) { return lower(a) == lower(b); });
}

}  // namespace sallyport::iam
