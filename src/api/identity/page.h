#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "api/identity/operation.h"

namespace sallyport::api::identity {

// A page of a list: MaxItems is 1 to 1,000, 100 unless given; Marker is where the page before ended.
struct Page {
  std::string after;  // a key of the list; empty at the start
  std::size_t limit = 0;
};
IamResult<Page> page_asked(const Context& context, std::string_view operation);
// <IsTruncated>, with <Marker> when there is more after `last`.
void render_end(Xml& xml, const Context& context, std::string_view operation, bool more, const std::string& last);

// Calls `show(row)` for each of the page's rows and writes how the page ends. Rows stand by keys that stay as they
// are from page to page, so that what is made or deleted in between moves no other row.
template <class Row, class Show>
IamStatus each_of_page(Xml& xml, const Context& context, std::string_view operation,
                       const std::map<std::string, Row>& rows, Show show) {
  const auto page = page_asked(context, operation);
  if (!page) return fault(page.error());
  auto row = rows.upper_bound(page->after);
  std::string last;
  for (std::size_t shown = 0; shown < page->limit && row != rows.end(); ++shown, ++row) {
    show(row->second);
    last = row->first;
  }
  render_end(xml, context, operation, row != rows.end(), last);
  return {};
}

// The answer <list><member>…</member>…</list>, each row of the page rendered by `render(xml, row)`.
template <class Row, class Render>
IamResult<Outcome> listed(const Context& context, std::string_view operation, std::string_view list,
                          const std::map<std::string, Row>& rows, Render render) {
  Outcome outcome;
  std::vector<const Row*> shown;
  const auto done =
      each_of_page(outcome.answer, context, operation, rows, [&](const Row& row) { shown.push_back(&row); });
  if (!done) return fault(done.error());
  outcome.answer.set(list, shown, [&](Xml& xml, const Row* row) { render(xml, *row); });
  return outcome;
}

}  // namespace sallyport::api::identity
