#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::iam {

// A text of a policy with `*` (any run of characters), `?` (any one) and policy variables: "${aws:username}",
// "${aws:username, 'nobody'}" with a default, and "${*}", "${?}", "${$}" for the characters themselves (IAM User Guide,
// "IAM policy elements: Variables and tags"). What a variable stands for is literal. A value; any thread.
class Pattern {
 public:
  // The value of a context key, or nothing when the request has none or several.
  using Lookup = std::function<std::optional<std::string>(std::string_view key)>;

  // Nothing when a variable has neither value nor default: such a text matches no request. With `variables` false
  // "${" stands for itself, as in policies of version 2008-10-17.
  static std::optional<Pattern> of(std::string_view text, const Lookup& lookup, bool variables = true);

  // The cost grows with the product of the two lengths at worst.
  bool matches(std::string_view text) const;
  bool matches_ignoring_case(std::string_view text) const;
  // What it says when wildcards mean nothing.
  const std::string& literal() const { return literal_; }

 private:
  struct Mark {
    enum class Kind { kCharacter, kOne, kAny } kind = Kind::kCharacter;
    char character = 0;
  };

  template <class Equal>
  bool matches(std::string_view text, Equal equal) const;
  void append(char character, Mark::Kind kind);

  std::vector<Mark> marks_;
  std::string literal_;
};

}  // namespace sallyport::iam
