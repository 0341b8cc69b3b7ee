#pragma once

#include <cstddef>

#include "api/identity/policy_lookup.h"

namespace sallyport::api::identity {

// The inside of a <Policy> but for what lists leave out: description and tags.
void render_policy(Xml& xml, const Managed& managed, std::size_t attachments);

}  // namespace sallyport::api::identity
