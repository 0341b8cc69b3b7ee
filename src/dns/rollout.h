#pragma once

#include <atomic>
#include <cstddef>
#include <memory>

#include "dns/view.h"
#include "model/enforcement.h"

namespace sallyport::dns {

// One snapshot on its way to every worker. Shared by them; acknowledges exactly once: when the last worker
// answers from it, or, with an error, when it is destroyed before that (the server stops).
class Rollout {
 public:
  Rollout(model::Revision revision, std::size_t workers, model::AcknowledgeFn acknowledge);
  ~Rollout();
  Rollout(const Rollout&) = delete;
  Rollout& operator=(const Rollout&) = delete;

  // By each worker once, from its own thread, after its last answer from an older snapshot.
  void arrived();

 private:
  model::Revision revision_;
  std::atomic<std::size_t> missing_;
  model::AcknowledgeFn acknowledge_;
};

// What a worker is handed: what to answer from now on, and whom to tell once it does.
struct Delivery {
  std::shared_ptr<const Served> served;
  std::shared_ptr<Rollout> rollout;
};

}  // namespace sallyport::dns
