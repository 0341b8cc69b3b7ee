#pragma once

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "api/ec2/filters.h"
#include "api/ec2/operation.h"
#include "wire/json_value.h"

namespace sallyport::api::ec2 {

inline constexpr std::int64_t kFewestResults = 5;  // of MaxResults, for most operations

// How one resource is listed by its Describe operation.
struct DescribeShape {
  std::string_view operation;  // binds NextToken
  std::string_view id_list;    // "VpcId"
  std::string_view not_found;  // "InvalidVpcID.NotFound"
  std::string_view noun;       // "vpc ID"
  std::string_view set;        // "vpcSet"
  std::int64_t fewest = kFewestResults;
};

// Where a page starts and how much it holds. MaxResults is `fewest` to 1,000; without it everything is one page.
struct PageRequest {
  std::string after;  // the last id of the page before; empty at the start
  std::size_t limit = 0;
};
Ec2Result<PageRequest> page_request(const Context& context, std::string_view operation,
                                    std::int64_t fewest = kFewestResults);
std::string next_token(const Context& context, std::string_view operation, const std::string& last_id);

// Lists `table` by id: those named by id (each must exist), matching the filters, one page of them.
// `facts(resource)` gives Facts and is asked only where there are filters, `render(xml, resource)` the inside of an
// item.
template <class T, class Table, class MakeFacts, class Render>
Ec2Result<Outcome> describe(const Context& context, const DescribeShape& shape, const Table& table,
                            std::initializer_list<std::string_view> filter_names, MakeFacts facts, Render render) {
  const auto filters = Filters::parse(context.params, filter_names);
  if (!filters) return fault(filters.error());
  const auto page = page_request(context, shape.operation, shape.fewest);
  if (!page) return fault(page.error());

  std::vector<const T*> chosen;
  const std::vector<std::string> named = context.params.list(shape.id_list);
  if (named.empty()) {
    for (const auto& [id, resource] : table)
      chosen.push_back(resource.get());
  }
  for (const std::string& id : std::set<std::string>(named.begin(), named.end())) {
    const auto found = table.find(decltype(T::id)(id));
    if (found == table.end()) {
      return fault(std::string(shape.not_found),
                   "The " + std::string(shape.noun) + " '" + wire::shortened(id) + "' does not exist");
    }
    chosen.push_back(found->second.get());
  }
  std::ranges::sort(chosen, {}, [](const T* resource) -> const std::string& { return resource->id.str(); });

  std::vector<const T*> shown;
  bool more = false;
  for (const T* resource : chosen) {
    if (!page->after.empty() && resource->id.str() <= page->after) continue;
    if (!filters->empty() && !filters->match(facts(*resource))) continue;
    if (page->limit != 0 && shown.size() == page->limit) {
      more = true;
      break;
    }
    shown.push_back(resource);
  }
  Outcome outcome;
  outcome.answer.set(shape.set, shown, [&](Xml& item, const T* resource) { render(item, *resource); });
  if (more) outcome.answer.text("nextToken", next_token(context, shape.operation, shown.back()->id.str()));
  return outcome;
}

}  // namespace sallyport::api::ec2
