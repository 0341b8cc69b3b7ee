#pragma once

#include <boost/json/object.hpp>

#include "model/traffic.h"

namespace sallyport::api::insight {

// What `sallyport traffic --output json` prints and DescribeTraffic answers, but for the cluster's name. Of each list
// of sources the first 100 and how many more there are. Pure.
boost::json::object traffic_view(const model::Traffic& traffic);

}  // namespace sallyport::api::insight
