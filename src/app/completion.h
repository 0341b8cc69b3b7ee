#pragma once

#include <string>
#include <vector>

namespace sallyport::app {

// The shape of the command line, as completion needs it.
struct CommandShape {
  struct Option {
    std::string name;  // "--config"
    std::string description;
    bool takes_value = false;
    std::vector<std::string> values;  // the only ones, where they are few
  };
  std::string name;
  std::string description;
  std::vector<Option> options;
  std::vector<std::string> words;  // the values of a positional argument, where they are few
};

// A completion script; `shell` is "bash", "zsh" or "fish", else nothing. Pure.
std::string completion_script(const std::string& shell, const std::vector<CommandShape>& commands);

}  // namespace sallyport::app
