#pragma once

#include "api/xml.h"

namespace sallyport::api::ec2 {

inline constexpr XmlNames kXmlNames{.element = "item", .tags = "tagSet", .tag_key = "key", .tag_value = "value"};

}  // namespace sallyport::api::ec2
