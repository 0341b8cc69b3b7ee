#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/entropy.h"
#include "iam/credentials.h"
#include "iam/names.h"
#include "iam/principals.h"
#include "iam/seal.h"
#include "iam/session.h"
#include "model/cluster.h"
#include "model/identity.h"

// Some people, a role, and a cluster they may or may not enter.
namespace sallyport::iam::testing_people {

using namespace std::chrono_literals;

inline const model::AccountId kAccount("000000000000");
inline const model::Region kRegion("us-east-1");
inline const base::Time kNow{base::Millis(1'764'000'000'000)};

template <class T>
void put(model::IdentityObjects& identities, T value) {
  const auto id = value.id;
  std::get<model::Table<T>>(identities)[id] = std::make_shared<const T>(std::move(value));
}

// ann, a user with a key, and ops, a role; neither has an entry yet.
class People {
 public:
  People() {
    root = make_access_key(entropy, root_principal(kAccount));
    root_keys.put(root);
    ann.id = model::IamUserId("AIDAANN");
    ann.name = "ann";
    ann.created_at = kNow - 24h;
    put(identities, ann);
    ops.id = model::IamRoleId("AROAOPS");
    ops.name = "ops";
    ops.path = "/team/";
    ops.created_at = kNow - 24h;
    put(identities, ops);
    cluster.name = model::ClusterName("demo");
    cluster.creator = root.principal.arn;
    cluster.created_at = kNow - 1h;
    key.id = model::AccessKeyId("AKIAANN");
    key.user = ann.id;
    key.sealed_secret = sealer.seal(secret, seal_purpose(key.id));
    put(identities, key);
  }

  Principal ann_principal() const { return find_user_key(identities, sealer, kAccount, key.id.str())->principal; }
  Principal ops_session(const std::string& name) {
    const Session session = new_session(ops, name, kNow, kNow + 1h, entropy);
    return find_session_key(root_keys, identities, sealer, kAccount, session.access_key_id,
                            session_token(session, sealer), kNow)
        ->principal;
  }

  model::AccessEntry entry_of(const model::Arn& principal, const std::string& principal_id) const {
    model::AccessEntry entry;
    entry.id = model::access_entry_id(cluster.name, principal);
    entry.cluster = cluster.name;
    entry.principal = principal;
    entry.principal_id = principal_id;
    entry.username = principal.str();
    return entry;
  }
  model::AccessEntry ann_entry() const { return entry_of(arn_of(kAccount, ann), ann.id.str()); }
  model::AccessEntry ops_entry() const { return entry_of(arn_of(kAccount, ops), ops.id.str()); }

  base::SystemEntropy entropy;
  Sealer sealer{wire::AeadKey{}, entropy};
  CredentialStore root_keys;
  AccessKey root;
  const std::string secret = "ann's secret";
  model::IamUser ann;
  model::IamRole ops;
  model::AccessKeyRecord key;
  model::Cluster cluster;
  model::IdentityObjects identities;
};

}  // namespace sallyport::iam::testing_people
