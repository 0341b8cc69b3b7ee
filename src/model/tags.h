#pragma once

#include <map>
#include <string>

namespace sallyport::model {

// Of any resource; at most limits::kTagsPerResource.
using Tags = std::map<std::string, std::string>;

}  // namespace sallyport::model
