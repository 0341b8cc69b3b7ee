#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/shared_map.h"
#include "model/cidr.h"

namespace sallyport::gateway {

// The blocks of a kernel filter that is to let certain blocks through: those blocks, each once, as long as they are at
// most `limit`. Where they are more, every block longer than some prefix length is widened to that length: the filter
// then lets through more than it should, never less, and user space refuses the rest. Blocks that lie inside others are
// held all the same, so that a block that goes leaves nothing to fill in. Blocks are counted as often as they are
// added. One thread at a time.
class FilterCover {
 public:
  using Blocks = std::vector<model::Cidr>;

  explicit FilterCover(std::size_t limit) : limit_(limit) {}

  // What the filter has to hold in addition …
  Blocks add(const Blocks& blocks);
  // … and what it need hold no longer, when blocks go that were added before.
  Blocks remove(const Blocks& blocks);

  // Over the limit: to be filled anew.
  bool too_many() const { return held_.size() > limit_; }
  // Widened though all that was added would fit with room to spare: worth filling anew.
  bool worth_narrowing() const { return step_ > 0 && added_ <= limit_ / 2; }
  // Forgets what was added and begins with `blocks`, widened as little as they fit; gives all the filter has to hold.
  Blocks fill(const Blocks& blocks);

 private:
  model::Cidr widened(const model::Cidr& block) const;

  std::size_t limit_;
  std::size_t step_ = 0;   // of widening
  std::size_t added_ = 0;  // blocks, not different ones alone
  base::SharedMap<model::Cidr, std::uint32_t> held_;
};

}  // namespace sallyport::gateway
