#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/access_entry.h"
#include "model/ids.h"

// The bodies of requests about access entries; errors as parse_create_cluster. Whether what they say may stand in an
// entry is looked at when the principal is known; see entry_changes.h.
namespace sallyport::api::eks {

struct CreateEntryRequest {
  model::Arn principal;
  std::string type;  // one that there is
  std::optional<std::string> username;
  std::vector<std::string> groups;  // not given and none are the same
  model::Tags tags;
  model::TokenRequest request;  // the token is empty where none was given
};
base::Result<CreateEntryRequest> parse_create_entry(const model::ClusterName& cluster, std::string_view body);

struct UpdateEntryRequest {
  std::optional<std::string> username;
  std::optional<std::vector<std::string>> groups;
  model::TokenRequest request;
};
base::Result<UpdateEntryRequest> parse_update_entry(const model::ClusterName& cluster, const model::Arn& principal,
                                                    std::string_view body);

struct AssociatePolicyRequest {
  model::Arn policy;
  model::AccessScope scope;
};
base::Result<AssociatePolicyRequest> parse_associate_policy(std::string_view body);

}  // namespace sallyport::api::eks
