#pragma once

#include <sys/types.h>

#include <vector>

// Of /proc, at the moment of asking.
namespace sallyport::workplace {

// 0: there is no such process.
pid_t parent_of(pid_t pid);

std::vector<pid_t> children_of(pid_t pid);

}  // namespace sallyport::workplace
