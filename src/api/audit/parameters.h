#pragma once

#include <string>
#include <string_view>

#include "api/http.h"
#include "wire/json_value.h"
#include "wire/uri.h"

// Requests and answers as the members of a CloudTrail record. Pure; any thread. Secrets are still in what these return.
namespace sallyport::api::audit {

// "VpcId" as "vpcId", which is how CloudTrail names members of the Query services.
std::string member_name(std::string_view name);

// The operation that a request asks for, served or not: as its service names it, "Unknown" where it names none.
std::string operation_named(std::string_view service, const HttpRequest& request);

// The service that a request which nobody vouches for speaks to; empty where nothing tells.
std::string_view service_spoken(const HttpRequest& request);

// What a request asks with: the parameters of path, query and body, as one object. "Filter.1.Name" of the Query
// services is `name` in the first of the list `filter`. Null where there are none or they do not decode.
wire::Json parameters_of(std::string_view service, const HttpRequest& request);

// What signs the request, which is not among its parameters: headers, and parameters that begin with "X-Amz-".
wire::Pairs signature_of(const HttpRequest& request);

}  // namespace sallyport::api::audit
