#pragma once

#include <cstddef>
#include <latch>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

#include "gateway/worker.h"

// Asking workers for something, and waiting until all have done it. Not on a worker's thread.
namespace sallyport::gateway {

using Workers = std::vector<std::unique_ptr<Worker>>;

// `ask(worker, done)` has the worker call `done()` once.
template <class Ask>
void ask_all(const Workers& workers, Ask ask) {
  std::latch answered(static_cast<std::ptrdiff_t>(workers.size()));
  for (const auto& worker : workers)
    ask(*worker, [&answered] { answered.count_down(); });
  answered.wait();
}

// The same with `done(answer)`; every answer is handed to `take`, one after another.
template <class Answer, class Ask, class Take>
void gather(const Workers& workers, Ask ask, Take take) {
  std::mutex mutex;
  std::latch answered(static_cast<std::ptrdiff_t>(workers.size()));
  for (const auto& worker : workers) {
    ask(*worker, [&](Answer answer) {
      {
        const std::lock_guard guard(mutex);
        take(std::move(answer));
      }
      answered.count_down();
    });
  }
  answered.wait();
}

// Of one worker alone: `ask(done)` has it call `done(answer)` once.
template <class Answer, class Ask>
Answer answer_of(Ask ask) {
  std::optional<Answer> told;
  std::latch answered(1);
  ask([&](Answer answer) {
    told = std::move(answer);
    answered.count_down();
  });
  answered.wait();
  return *std::move(told);
}

}  // namespace sallyport::gateway
