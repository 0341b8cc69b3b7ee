#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/entropy.h"
#include "base/time.h"
#include "iam/credentials.h"
#include "iam/seal.h"
#include "model/identity.h"

// Temporary credentials: of a role (STS AssumeRole), or of a user or root (GetSessionToken). Nothing is stored: the
// session token holds, sealed, all there is to know, so that a session outlives a restart and ends with its role, or
// with the key that asked for it, or at its time.
namespace sallyport::iam {

struct Session {
  std::string access_key_id;  // "ASIA…"
  std::string secret;
  std::optional<model::IamRoleId> role{};  // of a role's session
  std::string name{};                      // of a role's session
  std::string assumed_by{};                // of a role's session: who_holds whoever assumed it; not in earlier tokens
  std::string issuing_key{};               // of a user's or root's: the key that asked for it
  base::Time expires_at{};
  std::optional<base::Time> issued_at{};  // not in the tokens of earlier versions

  friend bool operator==(const Session&, const Session&) = default;
};

Session new_session(const model::IamRole& role, std::string name, base::Time issued_at, base::Time expires_at,
                    base::Entropy& entropy);

// Further credentials of who calls: of the same role, session name and time of issue, or of the same user or root. They
// end no later than the caller's own. `access_key_id` is what signed the call.
Session session_of_caller(const Principal& caller, std::string_view access_key_id, base::Time issued_at,
                          base::Time expires_at, base::Entropy& entropy);

// Whom to count what a principal holds against, whatever names it gives itself: the id of the user or root that it is,
// or that assumed its role; of a role's session that does not say, the role's id.
std::string who_holds(const Principal& principal);

std::string session_token(const Session& session, const Sealer& sealer);
// What a token holds, or nothing when it is none of this installation's. Whether its time is over is not looked at.
std::optional<Session> open_session_token(std::string_view token, const Sealer& sealer);

// The key that signed a request with a token: when the token is of that key, not over at `now`, and its role exists, or
// the key that asked for it is still good.
std::optional<AccessKey> find_session_key(const CredentialStore& root_keys, const model::IdentityObjects& identities,
                                          const Sealer& sealer, const model::AccountId& account,
                                          const std::string& access_key_id, std::string_view token, base::Time now);

}  // namespace sallyport::iam
