#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>

#include "base/entropy.h"
#include "bastion/credentials.h"
#include "wire/crypto.h"

namespace sallyport::bastion {

using Steady = std::chrono::steady_clock;

// The API's last answers about logins: accepted for kBastionAcceptedTime, rejected for kBastionRejectedTime, at
// most `capacity` of them, the oldest forgotten first. Holds no secret: an entry is found by an HMAC of the pair
// under a key of this object's own, and compared in constant time. Not thread-safe.
class LoginCache {
 public:
  LoginCache(base::Entropy& entropy, std::size_t capacity);

  // What stands for a login in here and, in the caller's tables, for the same login.
  wire::Digest digest(const Credentials& credentials) const;

  void put(const wire::Digest& digest, bool accepted, Steady::time_point now);
  // Whether it was accepted; nothing when it is not known any more.
  std::optional<bool> find(const wire::Digest& digest, Steady::time_point now) const;
  std::size_t size() const { return entries_.size(); }

 private:
  struct Entry {
    wire::Digest digest{};
    bool accepted = false;
    Steady::time_point until;
  };
  using Entries = std::list<Entry>;  // the oldest first

  wire::Digest key_{};
  const std::size_t capacity_;
  Entries entries_;
  std::unordered_map<std::uint64_t, Entries::iterator> by_prefix_;
};

}  // namespace sallyport::bastion
