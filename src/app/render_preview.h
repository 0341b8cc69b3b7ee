#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "app/terminal.h"

namespace sallyport::app {

// Of /v1/clusters/NAME/preview-update, as text for people. Pure; members that are missing come out empty.
std::string render_preview(const boost::json::object& view, const Painter& paint);

}  // namespace sallyport::app
