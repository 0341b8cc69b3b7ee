#include "api/eks/page.h"

#include <utility>

#include "api/eks/responses.h"
#include "api/page_token.h"

namespace sallyport::api::eks {

base::Result<Page> page_asked(const Query& query, std::string_view token_key, std::string_view purpose) {
  Page page;
  const auto most = query.max_results();
  if (!most) return base::fail(most.error());
  page.limit = *most;
  const auto token = query.one("nextToken");
  if (!token) return base::fail(token.error());
  if (*token) {
    auto position = open_page_token(token_key, purpose, **token);
    if (!position) return base::fail(position.error());
    page.after = *std::move(position);
  }
  return page;
}

HttpResponse list_answer(wire::JsonObject answer, std::string_view list, const std::map<std::string, wire::Json>& rows,
                         const Page& page, std::string_view token_key, std::string_view purpose) {
  wire::JsonArray shown;
  std::string last;
  auto row = rows.upper_bound(page.after);
  for (; row != rows.end() && shown.size() < page.limit; ++row) {
    shown.push_back(row->second);
    last = row->first;
  }
  answer.push_back({std::string(list), std::move(shown)});
  if (row != rows.end()) answer.push_back({"nextToken", seal_page_token(token_key, purpose, last)});
  return json_answer(answer);
}

}  // namespace sallyport::api::eks
