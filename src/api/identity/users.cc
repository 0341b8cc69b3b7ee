#include <array>
#include <map>
#include <string>
#include <utility>

#include "api/identity/caller.h"
#include "api/identity/lookup.h"
#include "api/identity/operation.h"
#include "api/identity/page.h"
#include "api/identity/tags.h"
#include "iam/names.h"

namespace sallyport::api::identity {

namespace {

using model::IamUser;

void render(Xml& xml, const Context& context, const IamUser& user) {
  xml.text("Path", user.path).text("UserName", user.name).id("UserId", user.id);
  xml.id("Arn", iam::arn_of(context.account, user));
  render_time(xml, "CreateDate", user.created_at);
}

Outcome answered(const Context& context, const IamUser& user) {
  Outcome outcome;
  outcome.answer.group("User", [&](Xml& xml) {
    render(xml, context, user);
    render_tags(xml, user.tags);
  });
  return outcome;
}

IamResult<Outcome> create_user(const Context& context) {
  auto user = fresh<IamUser>(context);
  if (!user) return fault(user.error());
  auto tags = tags_in(context.params);
  if (!tags) return fault(tags.error());
  user->tags = *std::move(tags);
  user->id = model::IamUserId(iam::new_unique_id("AIDA", context.entropy));
  Outcome outcome = answered(context, *user);
  outcome.puts.emplace_back(*std::move(user));
  return outcome;
}

IamResult<Outcome> get_user(const Context& context) {
  if (!context.params.text("UserName") && context.principal.is_root) {
    // Root is no user: as on AWS, it has neither name nor path.
    Outcome outcome;
    outcome.answer.group("User", [&](Xml& xml) { xml.id("UserId", context.account).id("Arn", context.principal.arn); });
    return outcome;
  }
  const auto user = user_or_caller(context);
  if (!user) return fault(user.error());
  return answered(context, **user);
}

IamResult<Outcome> update_user(const Context& context) {
  const auto user = named<IamUser>(context);
  if (!user) return fault(user.error());
  IamUser after = **user;
  if (context.params.text("NewUserName")) {
    auto name = new_name(context.params, "NewUserName", kKind<IamUser>.longest_name);
    if (!name) return fault(name.error());
    if (auto taken = check_free<IamUser>(context, *name, *user); !taken) return fault(taken.error());
    after.name = *std::move(name);
  }
  if (context.params.text("NewPath")) {
    auto path = path_in(context.params, "NewPath");
    if (!path) return fault(path.error());
    after.path = *std::move(path);
  }
  return changed(std::move(after));
}

IamResult<Outcome> delete_user(const Context& context) {
  const auto user = named<IamUser>(context);
  if (!user) return fault(user.error());
  for (const auto& [id, key] : model::all_of<model::AccessKeyRecord>(context.identities)) {
    if (key->user == (*user)->id) return delete_conflict("Cannot delete entity, must delete access keys first.");
  }
  return deleted_unless_permitted(**user);
}

IamResult<Outcome> list_users(const Context& context) {
  const auto users = below_path<IamUser>(context);
  if (!users) return fault(users.error());
  return listed(context, "ListUsers", "Users", *users,
                [&](Xml& xml, const IamUser* user) { render(xml, context, *user); });
}

constexpr auto kUserOperations = std::to_array<Entry>({
    {"CreateUser", create_user, true},
    {"GetUser", get_user},
    {"UpdateUser", update_user, true},
    {"DeleteUser", delete_user, true},
    {"ListUsers", list_users},
});

}  // namespace

std::span<const Entry> user_operations() { return kUserOperations; }

}  // namespace sallyport::api::identity
