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
  const std::string principal = request.principal;
  if (holders_[principal].sessions >= sessions_a_principal_) {
    return fail(ErrorKind::kLimitExceeded,
                principal + " has " + std::to_string(sessions_a_principal_) +
                    " sessions, which is the limit (sessions_a_principal); end one of them first");
  }
  const auto uid = uid_for(principal);
  if (uids_ && !uid) {
    if (holders_[principal].sessions == 0) holders_.erase(principal);
    return fail(ErrorKind::kLimitExceeded, "every uid of `uids` is taken; give the workplace more of them");
  }
  Holder& holder = holders_[principal];
  ++holder.sessions;
  holder.uid = uid;
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
  running_.emplace(session.id, session.request.principal);
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
    if (each.until <= at) release(each.session.request.principal);
  }
  std::erase_if(waiting_, [&](const Waiting& each) { return each.until <= at; });
}

void SessionTable::release(const std::string& principal) {
  const auto holder = holders_.find(principal);
  if (holder != holders_.end() && --holder->second.sessions == 0) holders_.erase(holder);
}

std::optional<uid_t> SessionTable::uid_for(const std::string& principal) {
  if (!uids_) return std::nullopt;
  const auto holder = holders_.find(principal);
  if (holder != holders_.end() && holder->second.uid) return holder->second.uid;
  // In turn, not the lowest that is free: what one principal left behind by its uid, another does not meet soon.
  for (std::size_t i = 0; i < uids_->size(); ++i) {
    const auto uid = static_cast<uid_t>(uids_->first + (next_uid_ + i) % uids_->size());
    const bool taken = std::ranges::any_of(holders_, [&](const auto& each) { return each.second.uid == uid; });
    if (taken) continue;
    next_uid_ = (next_uid_ + i + 1) % uids_->size();
    return uid;
  }
  return std::nullopt;
}

}  // namespace sallyport::workplace
