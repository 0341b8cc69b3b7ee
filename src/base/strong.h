#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <functional>
#include <string>
#include <utility>

namespace sallyport::base {

// A string that only means one thing. `Tag` is an incomplete struct that names the meaning; values of
// different tags do not mix. Construction does not validate: parse at the boundary, then wrap.
template <class Tag>
class StrongString {
 public:
  StrongString() = default;
  explicit StrongString(std::string value) : value_(std::move(value)) {}

  const std::string& str() const { return value_; }
  bool empty() const { return value_.empty(); }

  friend auto operator<=>(const StrongString&, const StrongString&) = default;
  friend bool operator==(const StrongString&, const StrongString&) = default;

 private:
  std::string value_;
};

// A number that only means one thing; ordered, not arithmetic, so that counting is explicit (`next`).
template <class Tag, std::integral Int>
class StrongInt {
 public:
  constexpr StrongInt() = default;
  constexpr explicit StrongInt(Int value) : value_(value) {}

  constexpr Int value() const { return value_; }
  constexpr StrongInt next() const { return StrongInt(value_ + 1); }

  friend constexpr auto operator<=>(const StrongInt&, const StrongInt&) = default;
  friend constexpr bool operator==(const StrongInt&, const StrongInt&) = default;

 private:
  Int value_ = 0;
};

}  // namespace sallyport::base

template <class Tag>
struct std::hash<sallyport::base::StrongString<Tag>> {
  std::size_t operator()(const sallyport::base::StrongString<Tag>& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};

template <class Tag, class Int>
struct std::hash<sallyport::base::StrongInt<Tag, Int>> {
  std::size_t operator()(const sallyport::base::StrongInt<Tag, Int>& number) const noexcept {
    return std::hash<Int>{}(number.value());
  }
};
