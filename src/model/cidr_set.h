#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/ip_address.h"
#include "model/cidr.h"

namespace sallyport::model {

// An immutable set of CIDR blocks with longest-match look-up whose cost grows with the logarithm of
// their number (eleven comparisons for 2,048). Keeps the order its blocks were given in. A value;
// safe to read from any thread.
class CidrSet {
 public:
  CidrSet() = default;
  // Duplicates are kept in `entries` and match once.
  explicit CidrSet(std::vector<Cidr> entries);

  // The longest block that holds the address, or nothing.
  std::optional<Cidr> match(const base::IpAddress& address) const;
  bool contains(const base::IpAddress& address) const { return match(address).has_value(); }

  const std::vector<Cidr>& entries() const { return entries_; }
  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }

  // The blocks of this one that `other` has not, each once. Blocks are told apart by their names: one that lies inside
  // a block of `other` is missing there all the same.
  std::vector<Cidr> without(const CidrSet& other) const;

  // Same blocks, whatever their order.
  bool same_blocks(const CidrSet& other) const;

  friend bool operator==(const CidrSet& a, const CidrSet& b) { return a.entries_ == b.entries_; }

 private:
  static constexpr std::uint32_t kNoParent = UINT32_MAX;

  std::vector<Cidr> entries_;
  std::vector<Cidr> sorted_;           // by network, then prefix length; no duplicates
  std::vector<std::uint32_t> parent_;  // of sorted_[i]: the smallest block that holds it
};

}  // namespace sallyport::model
