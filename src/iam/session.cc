#include "iam/session.h"

#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "iam/names.h"
#include "wire/json_parse.h"
#include "wire/json_reader.h"

namespace sallyport::iam {

namespace {

constexpr std::string_view kPurpose = "session";

std::string millis_of(base::Time time) { return std::to_string(time.time_since_epoch().count()); }

std::optional<base::Time> time_of(const std::string& text) {
  std::int64_t millis = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), millis);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return base::Time(base::Millis(millis));
}

}  // namespace

Session new_session(const model::IamRole& role, std::string name, base::Time issued_at, base::Time expires_at,
                    base::Entropy& entropy) {
  AccessKey key = make_access_key(entropy, {});
  key.id.replace(0, 4, "ASIA");
  return {.access_key_id = std::move(key.id),
          .secret = std::move(key.secret),
          .role = role.id,
          .name = std::move(name),
          .expires_at = expires_at,
          .issued_at = issued_at};
}

std::string session_token(const Session& session, const Sealer& sealer) {
  wire::JsonObject json{{"key", session.access_key_id},
                        {"secret", session.secret},
                        {"role", session.role.str()},
                        {"name", session.name},
                        {"expires", millis_of(session.expires_at)}};
  if (session.issued_at) json.push_back({"issued", millis_of(*session.issued_at)});
  return sealer.seal(wire::to_text(json), kPurpose);
}

std::optional<Session> open_session_token(std::string_view token, const Sealer& sealer) {
  const auto text = sealer.open(token, kPurpose);
  if (!text) return std::nullopt;
  const auto json = wire::parse_json(*text);
  if (!json || json->as_object() == nullptr) return std::nullopt;
  wire::JsonFault fault;
  wire::JsonReader reader(*json->as_object(), "", fault);
  auto key = reader.text("key");
  auto secret = reader.text("secret");
  const auto role = reader.text("role");
  auto name = reader.text("name");
  const auto expires = time_of(reader.text("expires").value_or(""));
  const auto issued = time_of(reader.text("issued").value_or(""));
  if (fault || !key || !secret || !role || !name || !expires) return std::nullopt;
  return Session{.access_key_id = *std::move(key),
                 .secret = *std::move(secret),
                 .role = model::IamRoleId(*role),
                 .name = *std::move(name),
                 .expires_at = *expires,
                 .issued_at = issued};
}

std::optional<AccessKey> find_session_key(const model::IdentityObjects& identities, const Sealer& sealer,
                                          const model::AccountId& account, const std::string& access_key_id,
                                          std::string_view token, base::Time now) {
  auto session = open_session_token(token, sealer);
  if (!session || session->access_key_id != access_key_id || session->expires_at <= now) return std::nullopt;
  const auto* role = model::find_in<model::IamRole>(identities, session->role);
  if (role == nullptr) return std::nullopt;
  return AccessKey{.id = access_key_id,
                   .secret = std::move(session->secret),
                   .principal = {.arn = session_arn(account, *role, session->name),
                                 .user_id = role->id.str() + ":" + session->name,
                                 .account = account,
                                 .is_root = false,
                                 .user = {},
                                 .role = role->id,
                                 .name = session->name,
                                 .issuer = SessionIssuer{arn_of(account, *role), role->name, session->issued_at}}};
}

}  // namespace sallyport::iam
