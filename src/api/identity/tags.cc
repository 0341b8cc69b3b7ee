#include "api/identity/tags.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <type_traits>
#include <utility>

#include "api/identity/lookup.h"
#include "api/identity/page.h"
#include "api/identity/policy_lookup.h"
#include "base/limits.h"
#include "wire/json_value.h"

namespace sallyport::api::identity {

namespace {

using base::limits::kTagsPerResource;

constexpr std::size_t kKeyCharacters = 128;
constexpr std::size_t kValueCharacters = 256;

tl::unexpected<Fault> invalid_tag(std::string message) { return fault("InvalidInput", std::move(message)); }

// Letters, digits, blanks and _.:/=+-@; letters beyond ASCII as they come.
bool fits(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           static_cast<unsigned char>(c) >= 0x80 || std::string_view(" _.:/=+-@").find(c) != std::string_view::npos;
  });
}

IamStatus check_tag(const std::string& key, const std::string& value) {
  if (*wire::utf8_length(key) > kKeyCharacters || !fits(key)) {
    return invalid_tag("Tag key '" + wire::shortened(key) +
                       "' must have 1 to 128 letters, digits, blanks and characters of _.:/=+-@");
  }
  if (base::ascii_iequals(std::string_view(key).substr(0, 4), "aws:")) {
    return invalid_tag("Tag key '" + wire::shortened(key) + "' begins with aws:, which is reserved");
  }
  if (*wire::utf8_length(value) > kValueCharacters || !fits(value)) {
    return invalid_tag("The value of tag '" + key +
                       "' must have at most 256 letters, digits, blanks and characters of _.:/=+-@");
  }
  return {};
}

model::Tags::iterator find_tag(model::Tags& tags, const std::string& key) {
  return std::ranges::find_if(tags, [&](const auto& tag) { return base::ascii_iequals(tag.first, key); });
}

IamStatus check_count(std::size_t count) {
  if (count <= kTagsPerResource) return {};
  return limit_exceeded("TagsPerResource", kTagsPerResource, "take some off first");
}

// What may be tagged, as the request names it.
template <class T>
IamResult<const T*> tagged(const Context& context) {
  if constexpr (std::is_same_v<T, model::IamPolicy>) {
    return own_policy(context);
  } else {
    return named<T>(context);
  }
}

template <class T>
IamResult<Outcome> tag(const Context& context) {
  const auto subject = tagged<T>(context);
  if (!subject) return fault(subject.error());
  const auto tags = tags_in(context.params);
  if (!tags) return fault(tags.error());
  T after = **subject;
  for (const auto& [key, value] : *tags) {
    // The new key's case is kept, as on AWS.
    if (const auto old = find_tag(after.tags, key); old != after.tags.end()) after.tags.erase(old);
    after.tags.emplace(key, value);
  }
  if (auto room = check_count(after.tags.size()); !room) return fault(room.error());
  return changed(std::move(after));
}

template <class T>
IamResult<Outcome> untag(const Context& context) {
  const auto subject = tagged<T>(context);
  if (!subject) return fault(subject.error());
  context.params.text("TagKeys");  // how clients write an empty list
  T after = **subject;
  for (const std::string& key : context.params.list("TagKeys.member")) {
    if (const auto found = find_tag(after.tags, key); found != after.tags.end()) after.tags.erase(found);
  }
  return changed(std::move(after));
}

IamResult<Outcome> list_tags(const Context& context, std::string_view operation, const model::Tags& tags) {
  std::map<std::string, model::Tags::value_type> rows;
  for (const auto& tag : tags)
    rows.emplace(tag.first, tag);
  return listed(context, operation, kXmlNames.tags, rows, [](Xml& xml, const auto& tag) {
    xml.text(kXmlNames.tag_key, tag.first).text(kXmlNames.tag_value, tag.second);
  });
}

IamResult<Outcome> list_user_tags(const Context& context) {
  const auto user = named<model::IamUser>(context);
  return user ? list_tags(context, "ListUserTags", (*user)->tags) : fault(user.error());
}

IamResult<Outcome> list_role_tags(const Context& context) {
  const auto role = named<model::IamRole>(context);
  return role ? list_tags(context, "ListRoleTags", (*role)->tags) : fault(role.error());
}

IamResult<Outcome> list_policy_tags(const Context& context) {
  const auto policy = managed_policy(context);
  return policy ? list_tags(context, "ListPolicyTags", policy->policy->tags) : fault(policy.error());
}

constexpr auto kTagOperations = std::to_array<Entry>({
    {"TagUser", tag<model::IamUser>, true},
    {"UntagUser", untag<model::IamUser>, true},
    {"ListUserTags", list_user_tags},
    {"TagRole", tag<model::IamRole>, true},
    {"UntagRole", untag<model::IamRole>, true},
    {"ListRoleTags", list_role_tags},
    {"TagPolicy", tag<model::IamPolicy>, true},
    {"UntagPolicy", untag<model::IamPolicy>, true},
    {"ListPolicyTags", list_policy_tags},
});

}  // namespace

IamResult<model::Tags> tags_in(const QueryParams& params) {
  params.text("Tags");  // how clients write an empty list
  model::Tags tags;
  for (const QueryParams& tag : params.structs("Tags.member")) {
    const auto key = tag.required("Key");
    if (!key) return fault(key.error());
    const std::string value = tag.text_or("Value", "");
    if (auto checked = check_tag(*key, value); !checked) return fault(checked.error());
    if (find_tag(tags, *key) != tags.end()) {
      return invalid_tag("Tag key '" + *key + "' is given more than once; tag keys do not differ by case");
    }
    tags.emplace(*key, value);
  }
  if (auto room = check_count(tags.size()); !room) return fault(room.error());
  return tags;
}

void render_tags(Xml& xml, const model::Tags& tags) {
  if (!tags.empty()) xml.tags(tags);
}

std::span<const Entry> tag_operations() { return kTagOperations; }

}  // namespace sallyport::api::identity
