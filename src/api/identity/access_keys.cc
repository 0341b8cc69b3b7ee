#include <array>
#include <map>
#include <string>
#include <utility>

#include "api/identity/caller.h"
#include "api/identity/lookup.h"
#include "api/identity/operation.h"
#include "api/identity/page.h"
#include "base/limits.h"
#include "iam/credentials.h"
#include "iam/principals.h"

namespace sallyport::api::identity {

namespace {

using base::limits::kAccessKeysPerUser;
using model::AccessKeyRecord;
using model::IamUser;

std::map<std::string, const AccessKeyRecord*> keys_of(const Context& context, const IamUser& user) {
  std::map<std::string, const AccessKeyRecord*> keys;
  for (const auto& [id, key] : model::all_of<AccessKeyRecord>(context.identities)) {
    if (key->user == user.id) keys.emplace(id.str(), key.get());
  }
  return keys;
}

tl::unexpected<Fault> no_such_key(std::string_view id) { return no_such_entity("Access Key", id); }

// The key that the request names, when it is one of the user that the request is about.
IamResult<const AccessKeyRecord*> key_asked(const Context& context) {
  const auto user = user_or_caller(context);
  if (!user) return fault(user.error());
  const auto id = context.params.required("AccessKeyId");
  if (!id) return fault(id.error());
  const auto* key = model::find_in<AccessKeyRecord>(context.identities, model::AccessKeyId(*id));
  if (key == nullptr || key->user != (*user)->id) return no_such_key(*id);
  return key;
}

void render(Xml& xml, const IamUser& user, const AccessKeyRecord& key) {
  xml.text("UserName", user.name).id("AccessKeyId", key.id).text("Status", key.active ? "Active" : "Inactive");
  render_time(xml, "CreateDate", key.created_at);
}

IamResult<Outcome> create_access_key(const Context& context) {
  const auto user = user_or_caller(context);
  if (!user) return fault(user.error());
  if (keys_of(context, **user).size() >= kAccessKeysPerUser) {
    return limit_exceeded("AccessKeysPerUser", kAccessKeysPerUser, "delete one that is not used");
  }
  const iam::AccessKey made = iam::make_access_key(context.entropy, {});
  AccessKeyRecord key;
  key.id = model::AccessKeyId(made.id);
  key.user = (*user)->id;
  key.sealed_secret = context.sealer.seal(made.secret, iam::seal_purpose(key.id));
  key.created_at = second_of(context.now);
  Outcome outcome;
  outcome.answer.group("AccessKey", [&](Xml& xml) {
    render(xml, **user, key);
    xml.text("SecretAccessKey", made.secret);  // never told again
  });
  outcome.puts.emplace_back(std::move(key));
  return outcome;
}

IamResult<Outcome> update_access_key(const Context& context) {
  const auto key = key_asked(context);
  if (!key) return fault(key.error());
  const auto status = context.params.required("Status");
  if (!status) return fault(status.error());
  if (*status != "Active" && *status != "Inactive") {
    return context.params.invalid("Status", *status, "Give Active or Inactive.");
  }
  AccessKeyRecord after = **key;
  after.active = *status == "Active";
  return changed(std::move(after));
}

IamResult<Outcome> delete_access_key(const Context& context) {
  const auto key = key_asked(context);
  if (!key) return fault(key.error());
  Outcome outcome;
  outcome.erases.emplace_back((*key)->id);
  return outcome;
}

IamResult<Outcome> list_access_keys(const Context& context) {
  const auto user = user_or_caller(context);
  if (!user) return fault(user.error());
  return listed(context, "ListAccessKeys", "AccessKeyMetadata", keys_of(context, **user),
                [&](Xml& xml, const AccessKeyRecord* key) { render(xml, **user, *key); });
}

// Uses are not recorded, so the answer is that of a key that was never used.
IamResult<Outcome> get_access_key_last_used(const Context& context) {
  const auto id = context.params.required("AccessKeyId");
  if (!id) return fault(id.error());
  const auto* key = model::find_in<AccessKeyRecord>(context.identities, model::AccessKeyId(*id));
  const auto* user = key == nullptr ? nullptr : model::find_in<IamUser>(context.identities, key->user);
  if (user == nullptr) return no_such_key(*id);
  Outcome outcome;
  outcome.answer.text("UserName", user->name);
  outcome.answer.group("AccessKeyLastUsed", [](Xml& xml) { xml.text("ServiceName", "N/A").text("Region", "N/A"); });
  return outcome;
}

constexpr auto kAccessKeyOperations = std::to_array<Entry>({
    {"CreateAccessKey", create_access_key, true},
    {"UpdateAccessKey", update_access_key, true},
    {"DeleteAccessKey", delete_access_key, true},
    {"ListAccessKeys", list_access_keys},
    {"GetAccessKeyLastUsed", get_access_key_last_used},
});

}  // namespace

std::span<const Entry> access_key_operations() { return kAccessKeyOperations; }

}  // namespace sallyport::api::identity
