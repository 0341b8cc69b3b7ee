#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/entropy.h"
#include "base/time.h"
#include "iam/credentials.h"
#include "iam/seal.h"
#include "model/identity.h"

// Temporary credentials of a role (STS AssumeRole). Nothing is stored: the session token holds, sealed, all there is to
// know, so that a session outlives a restart and ends with its role or at its time.
namespace sallyport::iam {

struct Session {
  std::string access_key_id;  // "ASIA…"
  std::string secret;
  model::IamRoleId role;
  std::string name;
  base::Time expires_at{};
  std::optional<base::Time> issued_at{};  // not in the tokens of earlier versions

  friend bool operator==(const Session&, const Session&) = default;
};

Session new_session(const model::IamRole& role, std::string name, base::Time issued_at, base::Time expires_at,
                    base::Entropy& entropy);

std::string session_token(const Session& session, const Sealer& sealer);
// What a token holds, or nothing when it is none of this installation's. Whether its time is over is not looked at.
std::optional<Session> open_session_token(std::string_view token, const Sealer& sealer);

// The key that signed a request with a token: when the token is of that key, not over at `now`, and its role exists.
std::optional<AccessKey> find_session_key(const model::IdentityObjects& identities, const Sealer& sealer,
                                          const model::AccountId& account, const std::string& access_key_id,
                                          std::string_view token, base::Time now);

}  // namespace sallyport::iam
