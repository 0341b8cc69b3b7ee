#include "gateway/filter_bank.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/limits.h"

namespace sallyport::gateway {

FilterBank::FilterBank(const GatewayConfig& config, std::vector<std::unique_ptr<SynFilter>> filters) : config_(config) {
  for (auto& filter : filters) {
    Front& front = fronts_.emplace_back();
    front.of_another = filter->adopted();
    front.filter = std::move(filter);
  }
}

model::BlockUnion FilterBank::wanted(const View& view, std::size_t listener) const {
  model::BlockUnion blocks = view.listeners[listener].admitted;
  // Speakers of the PROXY protocol are let in to say for whom they speak.
  model::BlockUnion::Edit(blocks).add(config_.proxy_protocol_from);
  return blocks;
}

base::Status FilterBank::thaw() {
  frozen_ = false;
  for (std::size_t i = 0; i < fronts_.size(); ++i) {
    if (auto read = fronts_[i].filter->read_back(); !read) return read;
    if (auto filled = refill(i); !filled) return filled;
  }
  return {};
}

base::Status FilterBank::open(const View& view) {
  for (std::size_t i = 0; i < fronts_.size(); ++i) {
    Front& front = fronts_[i];
    Blocks opening = model::BlockUnion::difference(front.present, wanted(view, i)).opened;
    if (opening == front.opening) continue;
    const Blocks earlier = std::exchange(front.opening, std::move(opening));
    const Blocks fresh = front.cover.add(front.opening);
    if (front.cover.too_many()) {
      if (auto filled = refill(i); !filled) return filled;
      continue;
    }
    if (auto loosened = front.filter->loosen(fresh); !loosened) return loosened;
    if (auto released = release(i, earlier); !released) return released;
  }
  return {};
}

base::Status FilterBank::close(const View& view, Instant now) {
  if (auto opened = open(view); !opened) return opened;
  std::vector<Blocks> closed(fronts_.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < fronts_.size(); ++i) {
    Front& front = fronts_[i];
    const model::BlockUnion before = std::exchange(front.present, wanted(view, i));
    front.opening.clear();
    closed[i] = model::BlockUnion::difference(before, front.present).closed;
    count += closed[i].size();
  }
  if (count > 0) lingering_.push_back({now + config_.filter_linger, std::move(closed)});
  // A crowd of blocks or of changes is not worth the kernel's memory: those meet silence at once.
  if (count > base::limits::kLingeringBlocks) {
    const Lingering crowd = std::move(lingering_.back());
    lingering_.pop_back();
    for (std::size_t i = 0; i < fronts_.size(); ++i) {
      if (auto released = release(i, crowd.blocks[i]); !released) return released;
    }
  }
  if (lingering_.size() > base::limits::kLingeringChanges) {
    if (auto ended = end_first_lingering(); !ended) return ended;
  }
  for (std::size_t i = 0; i < fronts_.size(); ++i) {
    if (frozen_ || !std::exchange(fronts_[i].of_another, false)) continue;
    if (auto filled = refill(i); !filled) return filled;
  }
  return narrow();
}

std::optional<FilterBank::Instant> FilterBank::due() const {
  if (frozen_ || lingering_.empty()) return std::nullopt;
  return lingering_.front().until;
}

base::Status FilterBank::expire(Instant now) {
  while (!lingering_.empty() && lingering_.front().until <= now) {
    if (auto ended = end_first_lingering(); !ended) return ended;
  }
  return narrow();
}

base::Status FilterBank::end_first_lingering() {
  const Lingering ended = std::move(lingering_.front());
  lingering_.pop_front();
  for (std::size_t i = 0; i < fronts_.size(); ++i) {
    if (auto released = release(i, ended.blocks[i]); !released) return released;
  }
  return {};
}

base::Status FilterBank::release(std::size_t listener, const Blocks& blocks) {
  Front& front = fronts_[listener];
  const Blocks needless = front.cover.remove(blocks);
  return frozen_ ? base::Status() : front.filter->withdraw(needless);
}

base::Status FilterBank::narrow() {
  for (std::size_t i = 0; i < fronts_.size(); ++i) {
    if (!fronts_[i].cover.worth_narrowing()) continue;
    if (auto filled = refill(i); !filled) return filled;
  }
  return {};
}

base::Status FilterBank::refill(std::size_t listener) {
  Front& front = fronts_[listener];
  Blocks all = front.opening;
  front.present.each([&](const model::Cidr& block) { all.push_back(block); });
  for (const Lingering& earlier : lingering_)
    std::ranges::copy(earlier.blocks[listener], std::back_inserter(all));
  const Blocks filled = front.cover.fill(all);
  return frozen_ ? front.filter->loosen(filled) : front.filter->tighten(filled);
}

std::uint64_t FilterBank::dropped() const {
  std::uint64_t count = 0;
  for (const Front& front : fronts_)
    count += front.filter->dropped();
  return count;
}

}  // namespace sallyport::gateway
