#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/authorise.h"
#include "api/http.h"
#include "base/time.h"
#include "model/identity.h"
#include "model/ids.h"
#include "model/tags.h"

namespace sallyport::api {

// What the making of an Asked looks at besides the request.
struct Surroundings {
  const model::AccountId& account;
  const model::Region& region;
  base::Time now{};
  const model::IdentityObjects& identities;
  const iam::Principal& principal;
  // Tags of a cluster by name, and of a thing of EC2 by id; nothing where it does not exist.
  std::function<std::optional<model::Tags>(const std::string& name)> cluster_tags{};
  std::function<std::optional<model::Tags>(const std::string& id)> network_tags{};
  // The id of a thing of EC2 that a parameter names otherwise: ec2/named_thing.h.
  std::function<std::optional<std::string>(std::string_view parameter, const std::string& value)> network_id{};
  // The access entry that the argument finds among all; nothing where it finds none.
  using PickEntry = std::function<const model::AccessEntry*(const model::IdentityObjects& identities)>;
  std::function<std::optional<model::AccessEntry>(const PickEntry& pick)> access_entry{};
};

// A verified request in the words of policies, by the Service Authorization Reference: action, the ARNs it is about,
// and its context keys (aws:SourceIp, aws:RequestTag/…, aws:ResourceTag/… and the like). What a request names that does
// not parse is left to the operation to refuse. Pure; any thread.
Asked asked_of(std::string_view service, std::string_view operation, const HttpRequest& request,
               const Surroundings& around);

// The parts of it, by service: what the request is about, and its own context keys.
void ask_eks(Asked& asked, const HttpRequest& request, const Surroundings& around);
void ask_ec2(Asked& asked, std::string_view operation, const HttpRequest& request, const Surroundings& around);
void ask_iam(Asked& asked, const HttpRequest& request, const Surroundings& around);
void ask_sallyport(Asked& asked, const HttpRequest& request, const Surroundings& around);

// aws:RequestTag/… and aws:TagKeys.
void add_request_tags(iam::RequestContext& context, const model::Tags& tags);

}  // namespace sallyport::api
