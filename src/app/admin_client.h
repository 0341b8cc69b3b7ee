#pragma once

#include <map>
#include <string>
#include <vector>

#include <boost/json/object.hpp>

#include "app/data_dir.h"
#include "base/result.h"

namespace sallyport::app {

// The request target of percent-encoded path segments and query parameters.
std::string request_target(const std::vector<std::string>& segments, const std::map<std::string, std::string>& query);

// One GET, or POST where there is a body, to the running Sallyport of a data folder; waits at most 30 s. Its error
// message when it refuses; kUnavailable, saying how to start one, when none runs.
base::Result<boost::json::object> ask_server(const DataPaths& paths, const std::string& target,
                                             const std::string& body = {});

}  // namespace sallyport::app
