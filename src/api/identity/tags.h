#pragma once

#include "api/identity/operation.h"
#include "model/tags.h"

namespace sallyport::api::identity {

// What Tags.member.N of a request say; at most limits::kTagsPerResource. Keys do not differ by case.
IamResult<model::Tags> tags_in(const QueryParams& params);

// <Tags> unless there are none.
void render_tags(Xml& xml, const model::Tags& tags);

}  // namespace sallyport::api::identity
