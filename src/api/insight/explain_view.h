#pragma once

#include <boost/json/object.hpp>

#include "model/ids.h"
#include "policy/explain.h"

namespace sallyport::api::insight {

// An explanation as `sallyport explain --output json` prints it and the operation Explain answers. Pure.
boost::json::object explain_view(const model::ClusterName& cluster, const policy::Explanation& told);

}  // namespace sallyport::api::insight
