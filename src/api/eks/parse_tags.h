#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "api/eks/query.h"
#include "base/result.h"
#include "model/cluster.h"

namespace sallyport::api::eks {

// The body of TagResource: at least one tag; errors as parse_create_cluster.
base::Result<model::Tags> parse_tag_resource(std::string_view body);

// `tagKeys` of UntagResource: 1 to limits::kTagsPerResource.
base::Result<std::vector<std::string>> parse_tag_keys(const Query& query);

}  // namespace sallyport::api::eks
