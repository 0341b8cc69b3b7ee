// Any bytes as the body of each EKS operation that takes one, and as a path and a query: a request or a
// refusal with a message, never a crash.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "api/eks/parse_create.h"
#include "api/eks/parse_tags.h"
#include "api/eks/parse_update.h"
#include "api/eks/query.h"
#include "api/eks/routes.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace {

namespace eks = sallyport::api::eks;

template <class T>
void require(const sallyport::base::Result<T>& result) {
  if (!result && result.error().message.empty()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input = sallyport::base::as_text({data, size});
  const auto created = eks::parse_create_cluster(input);
  require(created);
  if (created && created->public_access_cidrs &&
      created->public_access_cidrs->size() > sallyport::base::limits::kPublicAccessCidrs) {
    std::abort();
  }
  require(eks::parse_update_cluster(sallyport::model::ClusterName("fuzz"), input));
  require(eks::parse_tag_resource(input));
  const auto query = eks::Query::parse(input, {"maxResults", "nextToken", "tagKeys"});
  require(query);
  if (query) {
    require(query->max_results());
    require(eks::parse_tag_keys(*query));
  }
  for (const auto& label : eks::find_route("GET", input).labels) {
    if (!sallyport::wire::utf8_length(label)) std::abort();
  }
  return 0;
}
