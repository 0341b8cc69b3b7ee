#pragma once

#include <cstdint>

// The predecessor's side of a handover, apart from its doing: what happens, and what to do about it.
namespace sallyport::app::handover {

enum class State : std::uint8_t {
  kServing,   // owns everything
  kYielded,   // still accepts and answers by the snapshot it has; the successor has the store
  kDraining,  // accepts nothing more; relays go on
};

enum class Event : std::uint8_t {
  kAsked,     // a successor wants to take over
  kServes,    // … and is ready to accept
  kLost,      // … is gone, silent for too long, or talks nonsense
  kRestored,  // everything was taken back
};

enum class Action : std::uint8_t {
  kNothing,
  kYield,     // offer the sockets, let go of the store, say so
  kRelease,   // accept no more, pass the strangers, say so
  kTakeBack,  // make sure that the successor is dead, own everything again
  kRefuse,
};

struct Step {
  State state;
  Action action;
  friend bool operator==(const Step&, const Step&) = default;
};

// Until kServes there is a way back, and after it there is none: a successor that is lost then may have acknowledged
// changes this process does not know.
constexpr Step next_step(State state, Event event) {
  switch (event) {
    case Event::kAsked:
      if (state == State::kServing) return {State::kYielded, Action::kYield};
      return {state, Action::kRefuse};
    case Event::kServes:
      if (state == State::kYielded) return {State::kDraining, Action::kRelease};
      return {state, Action::kRefuse};
    case Event::kLost:
      if (state == State::kYielded) return {State::kYielded, Action::kTakeBack};
      return {state, Action::kNothing};
    case Event::kRestored:
      if (state == State::kYielded) return {State::kServing, Action::kNothing};
      return {state, Action::kNothing};
  }
  return {state, Action::kNothing};
}

}  // namespace sallyport::app::handover
