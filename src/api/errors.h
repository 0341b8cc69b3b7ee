#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/http.h"

// Errors as each AWS protocol carries them. Messages are shown to the caller as they are, escaped for
// the format.
namespace sallyport::api {

// REST-JSON 1.1: the type in the header x-amzn-ErrorType; a body of `message` and the `extra` members
// ("clusterName"), all strings.
HttpResponse rest_json_error(int status, std::string_view type, std::string_view message,
                             const std::vector<std::pair<std::string, std::string>>& extra = {});

// The Query protocol of STS and IAM: <ErrorResponse><Error><Type/><Code/><Message/></Error><RequestId/>.
HttpResponse query_error(int status, std::string_view code, std::string_view message, std::string_view request_id);

inline constexpr std::string_view kRoute53Namespace = "https://route53.amazonaws.com/doc/2013-04-01/";
// Route 53's REST-XML: the same in the namespace of its version.
HttpResponse route53_error(int status, std::string_view code, std::string_view message, std::string_view request_id);

// EC2's variant: <Response><Errors><Error><Code/><Message/></Error></Errors><RequestID/></Response>.
HttpResponse ec2_error(int status, std::string_view code, std::string_view message, std::string_view request_id);

// XML 1.0 character data: markup escaped, characters XML cannot carry and bytes that are not UTF-8
// replaced by U+FFFD.
std::string escape_xml(std::string_view text);

}  // namespace sallyport::api
