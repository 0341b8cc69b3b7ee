#include "gateway/filter_cover.h"

#include <algorithm>
#include <array>

namespace sallyport::gateway {

namespace {

// The longest prefixes of each step. The last leaves one block a family.
struct Longest {
  unsigned v4;
  unsigned v6;
};
constexpr std::array<Longest, 8> kSteps = {
    {{32, 128}, {28, 64}, {24, 56}, {20, 48}, {16, 40}, {12, 32}, {8, 16}, {0, 0}}};

}  // namespace

FilterCover::Blocks FilterCover::add(const Blocks& blocks) {
  Blocks fresh;
  decltype(held_)::Edit held(held_);
  for (const model::Cidr& block : blocks) {
    const model::Cidr cover = widened(block);
    if (held.at(cover)++ == 0) fresh.push_back(cover);
  }
  added_ += blocks.size();
  return fresh;
}

FilterCover::Blocks FilterCover::remove(const Blocks& blocks) {
  Blocks gone;
  decltype(held_)::Edit held(held_);
  for (const model::Cidr& block : blocks) {
    const model::Cidr cover = widened(block);
    if (--held.at(cover) != 0) continue;
    held.erase(cover);
    gone.push_back(cover);
  }
  added_ -= blocks.size();
  return gone;
}

FilterCover::Blocks FilterCover::fill(const Blocks& blocks) {
  added_ = blocks.size();
  for (step_ = 0;; ++step_) {
    const bool last = step_ + 1 == kSteps.size();
    held_.clear();
    Blocks all;
    decltype(held_)::Edit held(held_);
    for (auto at = blocks.begin(); at != blocks.end() && (last || !too_many()); ++at) {
      const model::Cidr cover = widened(*at);
      if (held.at(cover)++ == 0) all.push_back(cover);
    }
    if (last || !too_many()) return all;
  }
}

model::Cidr FilterCover::widened(const model::Cidr& block) const {
  const Longest& longest = kSteps[step_];
  return model::Cidr::of(block.network(),
                         std::min(block.prefix(), block.family() == base::Family::kV4 ? longest.v4 : longest.v6));
}

}  // namespace sallyport::gateway
