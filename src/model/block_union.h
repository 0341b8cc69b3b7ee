#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/ip_address.h"
#include "base/shared_map.h"
#include "model/cidr.h"

namespace sallyport::model {

// The union of many lists of CIDR blocks. A block is counted as often as it was added, so that a list can be taken away
// again. Copies share what they have in common, and a look-up costs a probe for each prefix length there is, whatever
// the number of blocks. A value; safe to read from any thread.
class BlockUnion {
 public:
  class Edit;

  // Whether some block holds the address.
  bool contains(const base::IpAddress& address) const;
  // Different blocks.
  std::size_t size() const { return counts_.size(); }

  // Calls `visit(block)` for each different block, in no particular order.
  template <class Visit>
  void each(Visit visit) const {
    for (const auto& [block, count] : counts_)
      visit(block);
  }

  // Blocks that one of two has and the other has not. Costs what the two do not share.
  struct Difference {
    std::vector<Cidr> opened;  // `after` has
    std::vector<Cidr> closed;  // `before` has
  };
  static Difference difference(const BlockUnion& before, const BlockUnion& after);

 private:
  std::uint32_t& of_length(const Cidr& block);

  base::SharedMap<Cidr, std::uint32_t> counts_;
  // How many blocks there are of each prefix length.
  std::array<std::uint32_t, 33> v4_lengths_{};
  std::array<std::uint32_t, 129> v6_lengths_{};
};

// Many changes of one union at once; the union holds them at any time.
class BlockUnion::Edit {
 public:
  explicit Edit(BlockUnion& target) : target_(target), counts_(target.counts_) {}

  void add(const std::vector<Cidr>& blocks);
  // Blocks that were added before.
  void remove(const std::vector<Cidr>& blocks);

 private:
  BlockUnion& target_;
  base::SharedMap<Cidr, std::uint32_t>::Edit counts_;
};

}  // namespace sallyport::model
