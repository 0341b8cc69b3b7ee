#include "model/block_union.h"

namespace sallyport::model {

bool BlockUnion::contains(const base::IpAddress& address) const {
  const auto any = [&](const auto& lengths) {
    for (std::size_t length = 0; length < lengths.size(); ++length) {
      if (lengths[length] != 0 && counts_.contains(Cidr::of(address, static_cast<unsigned>(length)))) return true;
    }
    return false;
  };
  return address.is_v4() ? any(v4_lengths_) : any(v6_lengths_);
}

std::uint32_t& BlockUnion::of_length(const Cidr& block) {
  return block.family() == base::Family::kV4 ? v4_lengths_[block.prefix()] : v6_lengths_[block.prefix()];
}

BlockUnion::Difference BlockUnion::difference(const BlockUnion& before, const BlockUnion& after) {
  Difference found;
  using Counts = base::SharedMap<Cidr, std::uint32_t>;
  Counts::differences(before.counts_, after.counts_, [&](const Counts::value_type* was, const Counts::value_type* is) {
    if (was == nullptr) found.opened.push_back(is->first);
    if (is == nullptr) found.closed.push_back(was->first);
  });
  return found;
}

void BlockUnion::Edit::add(const std::vector<Cidr>& blocks) {
  for (const Cidr& block : blocks) {
    if (counts_.at(block)++ == 0) ++target_.of_length(block);
  }
}

void BlockUnion::Edit::remove(const std::vector<Cidr>& blocks) {
  for (const Cidr& block : blocks) {
    if (--counts_.at(block) != 0) continue;
    counts_.erase(block);
    --target_.of_length(block);
  }
}

}  // namespace sallyport::model
