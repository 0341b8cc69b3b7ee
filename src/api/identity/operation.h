#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "api/identity/fault.h"
#include "api/query_params.h"
#include "api/xml.h"
#include "base/entropy.h"
#include "base/time.h"
#include "iam/credentials.h"
#include "iam/seal.h"
#include "model/identity.h"
#include "model/ids.h"
#include "store/store.h"

namespace sallyport::api::identity {

inline constexpr XmlNames kXmlNames{.element = "member", .tags = "Tags", .tag_key = "Key", .tag_value = "Value"};
inline constexpr ParamCodes kParamCodes{.invalid = "ValidationError", .missing = "ValidationError"};

// What an operation may look at. Everything it decides follows from these.
struct Context {
  const model::IdentityObjects& identities;
  const QueryParams& params;
  const model::AccountId& account;
  base::Time now{};
  base::Entropy& entropy;
  const iam::Sealer& sealer;        // of the secrets of access keys
  const iam::Principal& principal;  // who calls
  std::string_view token_key;       // signs Marker
};

// What it comes to: the answer, and the change to commit with it.
struct Outcome {
  Xml answer{kXmlNames};
  std::vector<store::Entity> puts;
  std::vector<store::EntityId> erases;
};

// Pure but for entropy; called again when a commit lost a race. Refuses before it changes anything.
using Operation = IamResult<Outcome> (*)(const Context&);

struct Entry {
  std::string_view name;  // "CreateUser"
  Operation run = nullptr;
  bool writes = false;
};

// Each subject's operations stand in the file of its name.
std::span<const Entry> user_operations();
std::span<const Entry> access_key_operations();
std::span<const Entry> role_operations();
std::span<const Entry> policy_operations();
std::span<const Entry> policy_list_operations();
std::span<const Entry> policy_version_operations();
std::span<const Entry> attachment_operations();
std::span<const Entry> inline_policy_operations();
std::span<const Entry> tag_operations();
std::span<const Entry> account_operations();
std::span<const Entry> empty_list_operations();

// The operation of that name, or null.
const Entry* find_operation(std::string_view name);

// Runs it, and refuses what no operation allows: a parameter that it did not ask for.
IamResult<Outcome> run(const Entry& entry, const Context& context);

}  // namespace sallyport::api::identity
