#include "api/xml.h"

#include "api/errors.h"

namespace sallyport::api {

Xml& Xml::open(std::string_view name) {
  text_.append("<").append(name).append(">");
  return *this;
}

Xml& Xml::close(std::string_view name) {
  text_.append("</").append(name).append(">");
  return *this;
}

Xml& Xml::bare(std::string_view value) {
  text_ += escape_xml(value);
  return *this;
}

Xml& Xml::text(std::string_view name, std::string_view value) {
  open(name);
  text_ += escape_xml(value);
  return close(name);
}

Xml& Xml::tags(const model::Tags& tags) {
  return set(names_->tags, tags, [this](Xml& item, const auto& tag) {
    item.text(names_->tag_key, tag.first).text(names_->tag_value, tag.second);
  });
}

}  // namespace sallyport::api
