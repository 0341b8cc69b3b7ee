#pragma once

#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "app/terminal.h"

namespace sallyport::app {

// Records of the audit log as a table, in their order: when, who, from where, what, and what came of it. Pure; members
// that are missing come out empty.
std::string render_audit(const std::vector<boost::json::object>& records, const Painter& paint);

}  // namespace sallyport::app
