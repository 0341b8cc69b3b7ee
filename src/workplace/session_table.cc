#include "workplace/session_table.h"

#include <algorithm>
#include <array>
#include <utility>

#include "base/bytes.h"
#include "base/limits.h"

namespace sallyport::workplace {

namespace {

namespace limits = base::limits;
using base::ErrorKind;
using base::fail;

constexpr std::size_t kTicketBytes = 32;
constexpr std::size_t kIdDigits = 16;

}  // namespace

SessionTable::SessionTable(const WorkplaceConfig& config, base::Entropy& entropy)
    : max_sessions_(config.max_sessions),
      sessions_a_principal_(config.sessions_a_principal),
      longest_time_(config.longest_time),
      uids_(config.uids),
      entropy_(entropy) {}

base::Result<Granted> SessionTable::grant(SessionRequest request, base::Time now, Steady::time_point at) {
  const base::Time ends_at =
      std::chrono::floor<base::Seconds>(std::min(request.credentials.expiration, now + longest_time_));
  if (request.credentials.expiration < now + limits::kWorkplaceLeastTime) {
    return fail(ErrorKind::kInvalidParameter, "credentials.expiration is past or too near; sign in again",
                "credentials.expiration");
  }
  const std::scoped_lock lock(mutex_);
  forget_expired(at);
  if (waiting_.size() + running_.size() >= max_sessions_) {
    return fail(ErrorKind::kLimitExceeded,
                "the workplace has " + std::to_string(max_sessions_) +
                    " sessions, which is its limit (max_sessions); try again when one ended");
  }
  const Owner owner{request.principal, request.holder};
  if (has_most(owner)) {
    return fail(ErrorKind::kLimitExceeded,
                owner.principal + " has " + std::to_string(sessions_a_principal_) +
                    " sessions, those under other names counted, which is the limit (sessions_a_principal); end one "
                    "of them first");
  }
  const auto uid = uid_for(owner.principal);
  if (uids_ && !uid) {
    return fail(ErrorKind::kLimitExceeded, "every uid of `uids` is taken; give the workplace more of them");
  }
  Known& known = principals_[owner.principal];
  ++known.sessions;
  known.uid = uid;
  ++held_by_[owner.holder];
  std::array<std::uint8_t, kTicketBytes> bytes{};
  entropy_.fill(bytes);
  Waiting waiting{base::to_base64url(bytes),
                  {"ws-" + base::random_hex(entropy_, kIdDigits), std::move(request), ends_at, uid},
                  at + limits::kWorkplaceTicketTime};
  Granted granted{waiting.ticket, waiting.session.id, ends_at};
  waiting_.push_back(std::move(waiting));
  return granted;
}

std::optional<Session> SessionTable::redeem(std::string_view ticket, Steady::time_point at) {
  const std::scoped_lock lock(mutex_);
  forget_expired(at);
  auto found = waiting_.end();
  // All of them, whichever it is: how long this takes says nothing about the tickets.
  for (auto each = waiting_.begin(); each != waiting_.end(); ++each) {
    if (base::constant_time_equal(each->ticket, ticket)) found = each;
  }
  if (found == waiting_.end()) return std::nullopt;
  Session session = std::move(found->session);
  waiting_.erase(found);
  running_.emplace(session.id, Owner{session.request.principal, session.request.holder});
  return session;
}

void SessionTable::leave(const std::string& session) {
  const std::scoped_lock lock(mutex_);
  const auto found = running_.find(session);
  if (found == running_.end()) return;
  release(found->second);
  running_.erase(found);
}

SessionTable::Counts SessionTable::counts(Steady::time_point at) {
  const std::scoped_lock lock(mutex_);
  forget_expired(at);
  return {waiting_.size(), running_.size()};
}

void SessionTable::forget_expired(Steady::time_point at) {
  for (const Waiting& each : waiting_) {
    if (each.until <= at) release({each.session.request.principal, each.session.request.holder});
  }
  std::erase_if(waiting_, [&](const Waiting& each) { return each.until <= at; });
}

bool SessionTable::has_most(const Owner& owner) const {
  const auto known = principals_.find(owner.principal);
  const auto held = held_by_.find(owner.holder);
  return (known != principals_.end() && known->second.sessions >= sessions_a_principal_) ||
         (held != held_by_.end() && held->second >= sessions_a_principal_);
}

void SessionTable::release(const Owner& owner) {
  const auto known = principals_.find(owner.principal);
  if (known != principals_.end() && --known->second.sessions == 0) principals_.erase(known);
  const auto held = held_by_.find(owner.holder);
  if (held != held_by_.end() && --held->second == 0) held_by_.erase(held);
}

std::optional<uid_t> SessionTable::uid_for(const std::string& principal) {
  if (!uids_) return std::nullopt;
  const auto known = principals_.find(principal);
  if (known != principals_.end() && known->second.uid) return known->second.uid;
  // In turn, not the lowest that is free: what one principal left behind by its uid, another does not meet soon.
  for (std::size_t i = 0; i < uids_->size(); ++i) {
    const auto uid = static_cast<uid_t>(uids_->first + (next_uid_ + i) % uids_->size());
    const bool taken = std::ranges::any_of(principals_, [&](const auto& each) { return each.second.uid == uid; });
    if (taken) continue;
    next_uid_ = (next_uid_ + i + 1) % uids_->size();
    return uid;
  }
  return std::nullopt;
}

}  // namespace sallyport::workplace
