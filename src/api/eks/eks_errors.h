#pragma once

#include <string>
#include <string_view>

#include "api/http.h"
#include "base/result.h"

namespace sallyport::api::eks {

// A refusal of the control plane as EKS words it. `cluster` is the body's "clusterName"; empty for none.
// kInternal and kCorrupt tell no more than `request_id`, by which the log names the cause.
HttpResponse cluster_error(const base::Error& error, std::string_view cluster, std::string_view request_id);

// A request that was refused before the control plane saw it; kCorrupt is "did not decode".
HttpResponse request_error(const base::Error& error, std::string_view cluster);

// As the two above, for the tag operations, which have error types of their own in the service model.
HttpResponse tag_error(const base::Error& error, std::string_view request_id);
HttpResponse tag_request_error(const base::Error& error);

HttpResponse no_such_cluster(std::string_view name);
// An operation of EKS that Sallyport does not have, or a path that is none of EKS's (`operation` empty).
HttpResponse unknown_operation(std::string_view operation, std::string_view method, std::string_view path);

}  // namespace sallyport::api::eks
