#include "bastion/login_cache.h"

#include <cstring>

#include "base/bytes.h"
#include "base/limits.h"

namespace sallyport::bastion {

namespace {

std::uint64_t prefix_of(const wire::Digest& digest) {
  std::uint64_t prefix = 0;
  std::memcpy(&prefix, digest.data(), sizeof(prefix));
  return prefix;
}

}  // namespace

LoginCache::LoginCache(base::Entropy& entropy, std::size_t capacity) : capacity_(capacity) { entropy.fill(key_); }

wire::Digest LoginCache::digest(const Credentials& credentials) const {
  // The length in front, so that no two pairs make one text.
  const std::string& id = credentials.access_key_id;
  return wire::hmac_sha256(key_, std::to_string(id.size()) + ":" + id + credentials.secret);
}

void LoginCache::put(const wire::Digest& digest, bool accepted, Steady::time_point now) {
  const std::uint64_t prefix = prefix_of(digest);
  if (const auto known = by_prefix_.find(prefix); known != by_prefix_.end()) {
    entries_.erase(known->second);
    by_prefix_.erase(known);
  }
  if (entries_.size() >= capacity_) {
    by_prefix_.erase(prefix_of(entries_.front().digest));
    entries_.pop_front();
  }
  const Steady::duration kept = accepted ? base::limits::kBastionAcceptedTime : base::limits::kBastionRejectedTime;
  by_prefix_[prefix] = entries_.insert(entries_.end(), {digest, accepted, now + kept});
}

std::optional<bool> LoginCache::find(const wire::Digest& digest, Steady::time_point now) const {
  const auto known = by_prefix_.find(prefix_of(digest));
  if (known == by_prefix_.end()) return std::nullopt;
  const Entry& entry = *known->second;
  if (now >= entry.until || !base::constant_time_equal(entry.digest, digest)) return std::nullopt;
  return entry.accepted;
}

}  // namespace sallyport::bastion
