#pragma once

#include <concepts>
#include <string>
#include <string_view>

#include "model/tags.h"

namespace sallyport::api {

// How a service of the Query protocol calls what all of them have.
struct XmlNames {
  std::string_view element;  // of a list
  std::string_view tags;
  std::string_view tag_key;
  std::string_view tag_value;
};

// The inside of an answer of the Query protocol, written front to back. Texts are escaped; names are ours.
class Xml {
 public:
  // `names` must outlive it.
  explicit Xml(const XmlNames& names) : names_(&names) {}

  // The element that is open holds `value` and no more, as an <item> of a list of texts does.
  Xml& bare(std::string_view value);
  Xml& text(std::string_view name, std::string_view value);
  Xml& flag(std::string_view name, bool value) { return text(name, value ? "true" : "false"); }
  template <std::integral Int>
  Xml& number(std::string_view name, Int value) {
    return text(name, std::to_string(value));
  }
  template <class Id>
  Xml& id(std::string_view name, const Id& value) {
    return text(name, value.str());
  }

  template <class Fill>
  Xml& group(std::string_view name, Fill fill) {
    open(name);
    fill(*this);
    return close(name);
  }
  // <name><item>…</item>…</name> (or as the service calls an element), the element for each of `range` filled by
  // `fill(xml, element)`.
  template <class Range, class Fill>
  Xml& set(std::string_view name, const Range& range, Fill fill) {
    open(name);
    for (const auto& element : range) {
      open(names_->element);
      fill(*this, element);
      close(names_->element);
    }
    return close(name);
  }
  Xml& tags(const model::Tags& tags);

  const std::string& str() const { return text_; }

 private:
  Xml& open(std::string_view name);
  Xml& close(std::string_view name);

  const XmlNames* names_;
  std::string text_;
};

}  // namespace sallyport::api
