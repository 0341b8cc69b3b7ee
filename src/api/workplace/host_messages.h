#pragma once

#include <string>
#include <string_view>

#include "api/workplace/host.h"
#include "base/result.h"

// What API and host say to each other (docs/workplace.md). Pure.
namespace sallyport::api::workplace {

// The body of POST /v1/sessions. Holds secrets.
std::string body_of(const HostRequest& request);

// What the host's answer comes to. `host` names it in messages; what it says is quoted shortened.
base::Result<Granted> read_answer(int status, std::string_view body, const std::string& host);

}  // namespace sallyport::api::workplace
