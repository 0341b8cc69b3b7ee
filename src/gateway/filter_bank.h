#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "gateway/filter_cover.h"
#include "gateway/gateway.h"
#include "gateway/syn_filter.h"
#include "gateway/view.h"
#include "model/block_union.h"
#include "model/cidr.h"

namespace sallyport::gateway {

// The kernel filters, one a listener, none where user space enforces alone; changed as snapshots come into force.
// What a snapshot no longer admits passes them for GatewayConfig::filter_linger more, to be reset in user space: a
// client that looked up the name just before, or remembers the answer, is told at once and looks up again, where
// silence would keep it waiting. A change costs the blocks it opens and closes. Used by the thread that swaps snapshots
// alone.
class FilterBank {
 public:
  using Instant = std::chrono::steady_clock::time_point;

  // `filters` in the order of `config.listeners`; `config` outlives the bank.
  FilterBank(const GatewayConfig& config, std::vector<std::unique_ptr<SynFilter>> filters);

  // Lets through what `view` admits, beside what passes now.
  base::Status open(const View& view);
  // Lets through what `view` admits and what lingers.
  base::Status close(const View& view, Instant now);
  // When `expire` has something to do.
  std::optional<Instant> due() const;
  base::Status expire(Instant now);

  // Until `thaw` the filters lose nothing: another process may rely on what they hold.
  void freeze() { frozen_ = true; }
  // Makes them again what they were, whatever another process made of them.
  base::Status thaw();

  // In the order of the listeners; none or all.
  std::size_t size() const { return fronts_.size(); }
  const SynFilter& filter(std::size_t listener) const { return *fronts_[listener].filter; }
  bool empty() const { return fronts_.empty(); }
  std::uint64_t dropped() const;  // SYNs so far; any thread

 private:
  using Blocks = std::vector<model::Cidr>;
  struct Lingering {
    Instant until;
    std::vector<Blocks> blocks;  // by listener
  };
  // One listener. Its filter holds the cover of `present`, `opening` and what lingers.
  struct Front {
    std::unique_ptr<SynFilter> filter;
    bool of_another = false;  // holds what another process admitted, until the first view is closed
    FilterCover cover{base::limits::kFilterBlocks};
    model::BlockUnion present;
    Blocks opening;  // of a view that is opened and not closed yet: what `present` has not
  };

  model::BlockUnion wanted(const View& view, std::size_t listener) const;
  base::Status release(std::size_t listener, const Blocks& blocks);
  base::Status end_first_lingering();
  base::Status narrow();
  base::Status refill(std::size_t listener);

  const GatewayConfig& config_;
  std::vector<Front> fronts_;
  bool frozen_ = false;
  std::deque<Lingering> lingering_;  // the one that ends first in front
};

}  // namespace sallyport::gateway
