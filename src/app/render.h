#pragma once

#include <string>

#include <boost/json/object.hpp>

#include "app/terminal.h"

// The operator's JSON as text for people. Pure; members that are missing come out empty.
namespace sallyport::app {

// "public and private, public from 192.0.2.0/24", of a view of endpoint access.
std::string access_text(const boost::json::object& access);
std::string render_status(const boost::json::object& view, const Painter& paint);
std::string render_explain(const boost::json::object& view, const Painter& paint);
std::string render_zones(const boost::json::object& view, const Painter& paint);
// Of /v1/clusters/NAME.
std::string render_cluster(const boost::json::object& view, const Painter& paint);
// Of /v1/clusters/NAME/updates/ID.
std::string render_update(const boost::json::object& view, const Painter& paint);

}  // namespace sallyport::app
