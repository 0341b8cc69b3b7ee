#pragma once

#include <map>
#include <memory>
#include <string>
#include <tuple>
#include <vector>

#include "base/time.h"
#include "model/access_entry.h"
#include "model/ids.h"
#include "model/network_objects.h"
#include "model/tags.h"

// Who may call the API: users with their access keys, roles, and customer-managed policies, and who may enter a
// cluster. Values; names and meaning are those of the IAM API Reference. Names differ by more than case.
namespace sallyport::model {

// What users and roles are allowed by.
struct Permissions {
  std::map<std::string, std::string> inline_policies;  // documents by name
  std::vector<Arn> attached_policies;                  // managed ones, in the order of attachment
  friend bool operator==(const Permissions&, const Permissions&) = default;
};

struct IamUser {
  IamUserId id;
  std::string name;
  std::string path = "/";
  Permissions permissions{};
  base::Time created_at{};
  Tags tags{};
  friend bool operator==(const IamUser&, const IamUser&) = default;
};

struct AccessKeyRecord {
  AccessKeyId id;
  IamUserId user;
  bool active = true;
  std::string sealed_secret;  // under the installation's key; see iam/seal.h
  base::Time created_at{};
  friend bool operator==(const AccessKeyRecord&, const AccessKeyRecord&) = default;
};

struct IamRole {
  IamRoleId id;
  std::string name;
  std::string path = "/";
  std::string description;
  std::string trust_policy;  // a document
  std::uint64_t max_session_seconds = 3600;
  Permissions permissions{};
  base::Time created_at{};
  Tags tags{};
  friend bool operator==(const IamRole&, const IamRole&) = default;
};

struct IamPolicyVersion {
  std::string id;  // "v1"
  std::string document;
  base::Time created_at{};
  friend bool operator==(const IamPolicyVersion&, const IamPolicyVersion&) = default;
};

struct IamPolicy {
  IamPolicyId id;
  std::string name;
  std::string path = "/";
  std::string description;
  std::vector<IamPolicyVersion> versions;  // the oldest first
  std::string default_version;             // the one in force
  std::uint64_t versions_made = 0;         // numbers are not used again
  base::Time created_at{};
  base::Time updated_at{};
  Tags tags{};
  friend bool operator==(const IamPolicy&, const IamPolicy&) = default;
};

// Entries of a cluster stand together.
template <>
inline constexpr bool kInOrder<AccessEntry> = true;

// Kinds that are kept, loaded and looked up alike.
using IdentityObjects =
    std::tuple<Table<IamUser>, Table<AccessKeyRecord>, Table<IamRole>, Table<IamPolicy>, Table<AccessEntry>>;

template <class T>
const Table<T>& all_of(const IdentityObjects& objects) {
  return std::get<Table<T>>(objects);
}
template <class T>
const T* find_in(const IdentityObjects& objects, const IdOf<T>& id) {
  const auto& table = all_of<T>(objects);
  const auto found = table.find(id);
  return found == table.end() ? nullptr : found->second.get();
}

// The entries of one cluster, by principal. They live as long as `objects` is not changed.
std::vector<const AccessEntry*> entries_of(const IdentityObjects& objects, const ClusterName& cluster);

}  // namespace sallyport::model
