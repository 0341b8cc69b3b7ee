#include "workplace/uid_owner.h"

#include <grp.h>
#include <pwd.h>

#include <optional>
#include <string>

namespace sallyport::workplace {

namespace {

base::Status taken(const char* kind, const std::string& name, unsigned id) {
  return base::fail(base::ErrorKind::kInvalidParameter,
                    "uids holds " + std::to_string(id) + ", which is the " + kind + " " + name +
                        " of this machine; choose a range that nobody has",
                    "uids");
}

}  // namespace

base::Status nobody_has(const UidRange& uids) {
  const auto inside = [&](unsigned id) { return id >= uids.first && id <= uids.last; };
  std::optional<base::Status> found;
  ::setpwent();
  while (const passwd* user = ::getpwent()) {  // NOLINT(concurrency-mt-unsafe): before there are other threads
    if (inside(user->pw_uid) && !found) found = taken("user", user->pw_name, user->pw_uid);
  }
  ::endpwent();
  ::setgrent();
  while (const group* one = ::getgrent()) {  // NOLINT(concurrency-mt-unsafe): as above
    if (inside(one->gr_gid) && !found) found = taken("group", one->gr_name, one->gr_gid);
  }
  ::endgrent();
  return found.value_or(base::Status{});
}

}  // namespace sallyport::workplace
