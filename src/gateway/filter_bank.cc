#include "gateway/filter_bank.h"

#include <algorithm>
#include <iterator>
#include <numeric>
#include <utility>

#include "base/limits.h"

namespace sallyport::gateway {

namespace {

std::size_t size_of(const std::vector<std::vector<model::Cidr>>& blocks) {
  return std::accumulate(blocks.begin(), blocks.end(), std::size_t{0},
                         [](std::size_t sum, const auto& of_listener) { return sum + of_listener.size(); });
}

// By listener, what `before` has and `after` has not. Nothing was before the first.
std::vector<std::vector<model::Cidr>> difference(std::vector<std::vector<model::Cidr>> before,
                                                 std::vector<std::vector<model::Cidr>> after) {
  std::vector<std::vector<model::Cidr>> gone(before.size());
  for (std::size_t i = 0; i < before.size(); ++i) {
    std::ranges::sort(before[i]);
    std::ranges::sort(after[i]);
    std::ranges::set_difference(before[i], after[i], std::back_inserter(gone[i]));
  }
  return gone;
}

}  // namespace

FilterBank::FilterBank(const GatewayConfig& config, std::vector<std::unique_ptr<SynFilter>> filters)
    : config_(config), filters_(std::move(filters)) {}

FilterBank::Blocks FilterBank::wanted(const View& view) const {
  Blocks blocks;
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    blocks.push_back(view.listeners[i].admitted.entries());
    // Speakers of the PROXY protocol are let in to say for whom they speak.
    blocks.back().insert(blocks.back().end(), config_.proxy_protocol_from.begin(), config_.proxy_protocol_from.end());
  }
  return blocks;
}

base::Status FilterBank::thaw() {
  frozen_ = false;
  for (const auto& filter : filters_) {
    if (auto read = filter->read_back(); !read) return read;
  }
  return {};
}

base::Status FilterBank::open(const View& view) {
  frozen_ = false;
  const Blocks blocks = wanted(view);
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    if (auto loosened = filters_[i]->loosen(blocks[i]); !loosened) return loosened;
  }
  return {};
}

base::Status FilterBank::close(const View& view, Instant now) {
  const Blocks before = std::exchange(present_, wanted(view));
  Blocks closed = difference(before, present_);
  // A crowd of blocks or of changes is not worth the kernel's memory: those meet silence at once.
  if (const std::size_t size = size_of(closed); size > 0 && size <= base::limits::kLingeringBlocks) {
    lingering_.push_back({now + config_.filter_linger, std::move(closed)});
  }
  if (lingering_.size() > base::limits::kLingeringChanges) lingering_.pop_front();
  return tighten();
}

std::optional<FilterBank::Instant> FilterBank::due() const {
  if (frozen_ || lingering_.empty()) return std::nullopt;
  return lingering_.front().until;
}

base::Status FilterBank::expire(Instant now) {
  while (!lingering_.empty() && lingering_.front().until <= now)
    lingering_.pop_front();
  return tighten();
}

base::Status FilterBank::tighten() {
  for (std::size_t i = 0; i < filters_.size(); ++i) {
    std::vector<model::Cidr> blocks = present_[i];
    for (const Lingering& earlier : lingering_) {
      blocks.insert(blocks.end(), earlier.blocks[i].begin(), earlier.blocks[i].end());
    }
    if (auto tightened = filters_[i]->tighten(blocks); !tightened) return tightened;
  }
  return {};
}

std::uint64_t FilterBank::dropped() const {
  std::uint64_t count = 0;
  for (const auto& filter : filters_)
    count += filter->dropped();
  return count;
}

}  // namespace sallyport::gateway
