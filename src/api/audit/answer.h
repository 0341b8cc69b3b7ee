#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "api/http.h"
#include "api/protocol.h"
#include "wire/json_value.h"

// Answers as the members of a CloudTrail record. Pure; any thread. Secrets are still in what these return.
namespace sallyport::api::audit {

struct Failure {
  std::string code;  // as the client reads it; of EC2 behind "Client." or "Server.", as CloudTrail has them
  std::string message;
};

// What an answer refuses by; nothing when it does not.
std::optional<Failure> failure_of(Protocol protocol, const HttpResponse& response);

// What an answer that refuses nothing tells: an object, null when it tells nothing.
wire::Json elements_of(Protocol protocol, const HttpResponse& response);

// The inside of the first element of an XML text that Sallyport wrote, without attributes: a text, an object of its
// elements, or a list where all of these are of the name that lists have. Nothing where it is no such text.
std::optional<wire::Json> json_of_xml(std::string_view xml);

}  // namespace sallyport::api::audit
