#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.h"
#include "gateway/gateway.h"
#include "gateway/syn_filter.h"
#include "gateway/view.h"
#include "model/cidr.h"

namespace sallyport::gateway {

// The kernel filters, one a listener, none where user space enforces alone; changed as snapshots come into force.
// What a snapshot no longer admits passes them for GatewayConfig::filter_linger more, to be reset in user space: a
// client that looked up the name just before, or remembers the answer, is told at once and looks up again, where
// silence would keep it waiting. Used by the thread that swaps snapshots alone.
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

  // Until `thaw`, or the next snapshot, the filters stay as they are.
  void freeze() { frozen_ = true; }
  // Takes what they hold for what another process may have made of it.
  base::Status thaw();

  const std::vector<std::unique_ptr<SynFilter>>& filters() const { return filters_; }
  bool empty() const { return filters_.empty(); }
  std::uint64_t dropped() const;  // SYNs so far; any thread

 private:
  using Blocks = std::vector<std::vector<model::Cidr>>;  // by listener
  struct Lingering {
    Instant until;
    Blocks blocks;
  };

  Blocks wanted(const View& view) const;
  base::Status tighten();

  const GatewayConfig& config_;
  const std::vector<std::unique_ptr<SynFilter>> filters_;
  bool frozen_ = false;
  Blocks present_;
  std::deque<Lingering> lingering_;  // the one that ends first in front
};

}  // namespace sallyport::gateway
