#include "workplace/session_clock.h"

#include <algorithm>

#include "base/limits.h"

namespace sallyport::workplace {

namespace limits = base::limits;

Foreseen foreseen_end(const SessionTimes& times) {
  Foreseen first{Reason::kExpired, times.ends_at};
  const auto consider = [&](Reason reason, Steady::time_point at) {
    if (at < first.at) first = {reason, at};
  };
  consider(Reason::kIdle, times.last_key + times.idle);
  consider(Reason::kGone, times.heard + limits::kWorkplaceSilence);
  if (times.drained_at) consider(Reason::kDraining, *times.drained_at);
  return first;
}

namespace {

// A peer that is gone cannot be told: the other ends alone.
Foreseen announced_end(SessionTimes times) {
  times.heard = Steady::time_point::max() - limits::kWorkplaceSilence;
  return foreseen_end(times);
}

}  // namespace

Steady::time_point next_look(const SessionTimes& times, Steady::time_point now) {
  const Steady::time_point notice = announced_end(times).at - limits::kWorkplaceNotice;
  const Steady::time_point end = foreseen_end(times).at;
  return notice > now ? std::min(notice, end) : end;
}

std::optional<base::Seconds> notice_due(const SessionTimes& times, Steady::time_point now) {
  const Foreseen end = announced_end(times);
  if (now < end.at - limits::kWorkplaceNotice || now >= end.at) return std::nullopt;
  return std::chrono::ceil<base::Seconds>(end.at - now);
}

}  // namespace sallyport::workplace
