#include "iam/session.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/bytes.h"
#include "iam/names.h"
#include "iam/principals.h"
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

Session fresh(base::Time issued_at, base::Time expires_at, base::Entropy& entropy) {
  AccessKey key = make_access_key(entropy, {});
  key.id.replace(0, 4, "ASIA");
  return {.access_key_id = std::move(key.id),
          .secret = std::move(key.secret),
          .expires_at = expires_at,
          .issued_at = issued_at};
}

std::optional<AccessKey> key_of_role(const model::IdentityObjects& identities, const model::AccountId& account,
                                     Session session) {
  const auto* role = model::find_in<model::IamRole>(identities, *session.role);
  if (role == nullptr) return std::nullopt;
  return AccessKey{.id = std::move(session.access_key_id),
                   .secret = std::move(session.secret),
                   .principal = {.arn = session_arn(account, *role, session.name),
                                 .user_id = role->id.str() + ":" + session.name,
                                 .account = account,
                                 .is_root = false,
                                 .user = {},
                                 .role = role->id,
                                 .name = session.name,
                                 .issuer = SessionIssuer{arn_of(account, *role), role->name, session.issued_at},
                                 .temporary = Temporary{.issuing_key = {},
                                                        .expires_at = session.expires_at,
                                                        .issued_at = session.issued_at,
                                                        .assumed_by = session.assumed_by}}};
}

}  // namespace

Session new_session(const model::IamRole& role, std::string name, base::Time issued_at, base::Time expires_at,
                    base::Entropy& entropy) {
  Session session = fresh(issued_at, expires_at, entropy);
  session.role = role.id;
  session.name = std::move(name);
  return session;
}

Session session_of_caller(const Principal& caller, std::string_view access_key_id, base::Time issued_at,
                          base::Time expires_at, base::Entropy& entropy) {
  Session session = fresh(issued_at, expires_at, entropy);
  session.role = caller.role;
  if (caller.role) session.name = caller.name;
  if (!caller.role) session.issuing_key = access_key_id;
  if (caller.temporary) {
    session.expires_at = std::min(expires_at, caller.temporary->expires_at);
    // A policy that ends what was issued before some time ends this with it.
    session.issued_at = caller.temporary->issued_at;
    session.issuing_key = caller.temporary->issuing_key;
    session.assumed_by = caller.temporary->assumed_by;
  }
  return session;
}

std::string who_holds(const Principal& principal) {
  if (!principal.role) return principal.user_id;
  const bool known = principal.temporary && !principal.temporary->assumed_by.empty();
  return known ? principal.temporary->assumed_by : principal.role->str();
}

std::string session_token(const Session& session, const Sealer& sealer) {
  wire::JsonObject json{
      {"key", session.access_key_id}, {"secret", session.secret}, {"expires", millis_of(session.expires_at)}};
  if (session.role) {
    json.push_back({"role", session.role->str()});
    json.push_back({"name", session.name});
    if (!session.assumed_by.empty()) json.push_back({"by", session.assumed_by});
  } else {
    json.push_back({"of", session.issuing_key});
  }
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
  auto by = reader.text("by");
  auto of = reader.text("of");
  const auto expires = time_of(reader.text("expires").value_or(""));
  const auto issued = time_of(reader.text("issued").value_or(""));
  // Of a role with its session's name, or of a key: one of the two.
  if (fault || !key || !secret || !expires || role.has_value() != name.has_value() ||
      role.has_value() == of.has_value())
    return std::nullopt;
  Session session{.access_key_id = *std::move(key),
                  .secret = *std::move(secret),
                  .name = std::move(name).value_or(""),
                  .assumed_by = std::move(by).value_or(""),
                  .issuing_key = std::move(of).value_or(""),
                  .expires_at = *expires,
                  .issued_at = issued};
  if (role) session.role = model::IamRoleId(*role);
  return session;
}

std::optional<AccessKey> find_session_key(const CredentialStore& root_keys, const model::IdentityObjects& identities,
                                          const Sealer& sealer, const model::AccountId& account,
                                          const std::string& access_key_id, std::string_view token, base::Time now) {
  auto session = open_session_token(token, sealer);
  if (!session || session->access_key_id != access_key_id || session->expires_at <= now) return std::nullopt;
  if (session->role) return key_of_role(identities, account, *std::move(session));
  auto issuer = root_keys.find(session->issuing_key);
  if (!issuer) issuer = find_user_key(identities, sealer, account, session->issuing_key);
  if (!issuer) return std::nullopt;
  issuer->principal.temporary = Temporary{session->issuing_key, session->expires_at, session->issued_at};
  return AccessKey{
      .id = access_key_id, .secret = std::move(session->secret), .principal = std::move(issuer->principal)};
}

}  // namespace sallyport::iam
