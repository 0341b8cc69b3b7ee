#pragma once

#include <optional>

#include "api/http.h"
#include "wire/uri.h"

namespace sallyport::api {

// The parameters of a Query-protocol request: of the query string for GET, of the form body for POST.
// Nothing for another method, another content type, or an encoding that does not decode.
std::optional<wire::Pairs> query_form(const HttpRequest& request);

// Whether a request that names no service speaks the Query protocol: a POSTed form, or a query string, that
// has an Action.
bool speaks_query(const HttpRequest& request);

}  // namespace sallyport::api
