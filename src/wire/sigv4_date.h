#pragma once

#include <string_view>

#include "base/result.h"
#include "base/time.h"

namespace sallyport::wire::sigv4 {

// The time of a Date header: IMF-fixdate, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110 section 5.6.7), the same
// ending in "-0000" or "+0000" as botocore writes it (RFC 5322), or the form of X-Amz-Date. The obsolete forms
// and other zones are refused.
base::Result<base::Time> parse_date_header(std::string_view text);

}  // namespace sallyport::wire::sigv4
