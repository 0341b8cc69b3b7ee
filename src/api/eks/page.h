#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include "api/eks/query.h"
#include "api/http.h"
#include "base/result.h"
#include "wire/json_value.h"

namespace sallyport::api::eks {

// A page of a list whose rows stand by keys that stay as they are from page to page.
struct Page {
  std::string after;  // the last key of the page before; empty at the start
  std::size_t limit = 0;
};
// `maxResults` and `nextToken`; the latter one that `list_answer` gave with this key and purpose.
base::Result<Page> page_asked(const Query& query, std::string_view token_key, std::string_view purpose);

// {…, "<list>": [rows of the page], "nextToken": …}, the token where more follow. `answer` holds what comes before.
HttpResponse list_answer(wire::JsonObject answer, std::string_view list, const std::map<std::string, wire::Json>& rows,
                         const Page& page, std::string_view token_key, std::string_view purpose);

}  // namespace sallyport::api::eks
