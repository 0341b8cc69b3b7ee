#include "model/cidr_set.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace sallyport::model {

namespace {

// IPv4 lies inside the IPv6 order but in no IPv6 block, so each family is kept together: otherwise an IPv4
// block would stand between an IPv6 block and those it holds, and break the parent chain.
auto order_of(const base::IpAddress& network) { return std::pair(network.family(), network); }

auto place_of(const Cidr& block) { return std::pair(order_of(block.network()), block.prefix()); }

}  // namespace

CidrSet::CidrSet(std::vector<Cidr> entries) : entries_(std::move(entries)), sorted_(entries_) {
  std::ranges::sort(sorted_, {}, place_of);
  const auto repeated = std::ranges::unique(sorted_);
  sorted_.erase(repeated.begin(), repeated.end());

  parent_.assign(sorted_.size(), kNoParent);
  for (std::uint32_t i = 1; i < sorted_.size(); ++i) {
    // Sorted order visits a block right after its ancestors' other descendants, so the ancestors of
    // block i are on the parent chain of block i-1.
    std::uint32_t candidate = i - 1;
    while (candidate != kNoParent && !sorted_[candidate].contains(sorted_[i]))
      candidate = parent_[candidate];
    parent_[i] = candidate;
  }
}

std::optional<Cidr> CidrSet::match(const base::IpAddress& address) const {
  const auto after = std::ranges::upper_bound(sorted_, order_of(address), {},
                                              [](const Cidr& block) { return order_of(block.network()); });
  if (after == sorted_.begin()) return std::nullopt;
  auto at = static_cast<std::uint32_t>(after - sorted_.begin() - 1);
  while (at != kNoParent && !sorted_[at].contains(address))
    at = parent_[at];
  if (at == kNoParent) return std::nullopt;
  return sorted_[at];
}

std::vector<Cidr> CidrSet::without(const CidrSet& other) const {
  std::vector<Cidr> left;
  std::ranges::set_difference(sorted_, other.sorted_, std::back_inserter(left), {}, place_of, place_of);
  return left;
}

bool CidrSet::same_blocks(const CidrSet& other) const { return sorted_ == other.sorted_; }

}  // namespace sallyport::model
