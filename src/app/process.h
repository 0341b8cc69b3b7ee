#pragma once

#include <signal.h>
#include <sys/types.h>

#include <functional>

// What every subcommand that runs until a signal does with its process.
namespace sallyport::app {

// Files of this user alone, SIGPIPE ignored, the signals to stop blocked and returned. Before other threads exist.
sigset_t prepare_process();

// The next signal to stop, waiting for one or not; 0 when there is none. SIGHUP is answered by `hangup`, or without
// one by a word in the log.
int next_stop_signal(const sigset_t& set, bool wait, const std::function<void()>& hangup = nullptr);

void raise_descriptor_limit();

// "ready" on stdout, and to the supervisor.
void announce_ready();
void announce_stop(int signal);
// To the supervisor: that process is the service from now on.
void announce_successor(pid_t successor);
// From now on another signal ends the process at once.
void end_at_second_signal(const sigset_t& set);

}  // namespace sallyport::app
