#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <shared_mutex>
#include <string>
#include <unordered_map>

#include "base/entropy.h"
#include "base/result.h"
#include "base/time.h"
#include "model/ids.h"

namespace sallyport::iam {

// The role that a session is of, and since when.
struct SessionIssuer {
  model::Arn arn;  // "arn:aws:iam::000000000000:role/ops"
  std::string name;
  std::optional<base::Time> issued_at{};  // unknown of sessions that an earlier version opened
};

// Of credentials that end by themselves (STS AssumeRole, GetSessionToken).
struct Temporary {
  std::string issuing_key;  // id of the key of the user or root that asked for them; empty for a role's
  base::Time expires_at{};
  std::optional<base::Time> issued_at{};  // unknown of sessions that an earlier version opened
  std::string assumed_by{};               // of a role's session: `Session::assumed_by`
};

// Who a verified signature stands for: root, or else a user, or else a session of a role.
struct Principal {
  model::Arn arn;       // "arn:aws:iam::000000000000:root", "…:user/ann", "arn:aws:sts::…:assumed-role/ops/ann"
  std::string user_id;  // of GetCallerIdentity; the account id for root, "AROA…:ann" for a session
  model::AccountId account;
  bool is_root = false;
  std::optional<model::IamUserId> user{};
  std::optional<model::IamRoleId> role{};
  std::string name{};                     // of the user, or of the session
  std::optional<SessionIssuer> issuer{};  // of a role's session
  std::optional<Temporary> temporary{};   // absent where a lasting key signed
};

struct AccessKey {
  std::string id;      // "AKIA…", 20 characters
  std::string secret;  // 40 characters; never logged
  Principal principal;
};

// Access keys by id. Thread-safe.
class CredentialStore {
 public:
  void put(AccessKey key);
  std::optional<AccessKey> find(const std::string& access_key_id) const;

 private:
  mutable std::shared_mutex mutex_;
  std::unordered_map<std::string, AccessKey> keys_;
};

AccessKey make_access_key(base::Entropy& entropy, Principal principal);
Principal root_principal(const model::AccountId& account);

// DATA_DIR/credentials, an AWS shared credentials file ([default] aws_access_key_id,
// aws_secret_access_key) of mode 0600 owned by this user: read if it is there, else written with a new
// key. Refuses a file others can read, naming the chmod that cures it.
base::Result<AccessKey> load_or_create_root_key(const std::string& path, base::Entropy& entropy,
                                                const model::AccountId& account);

}  // namespace sallyport::iam
