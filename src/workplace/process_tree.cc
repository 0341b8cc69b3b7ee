#include "workplace/process_tree.h"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace sallyport::workplace {

pid_t parent_of(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string word; file >> word;) {
    pid_t parent = 0;
    if (word == "PPid:" && file >> parent) return parent;
  }
  return 0;
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> found;
  std::error_code failed;
  for (std::filesystem::directory_iterator at("/proc", failed), end; !failed && at != end; at.increment(failed)) {
    const std::string name = at->path().filename().string();
    pid_t one = 0;
    const auto [stop, error] = std::from_chars(name.data(), name.data() + name.size(), one);
    if (error == std::errc() && stop == name.data() + name.size() && parent_of(one) == pid) found.push_back(one);
  }
  return found;
}

}  // namespace sallyport::workplace
