#include "app/completion.h"

#include <fmt/core.h>

namespace sallyport::app {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words)
    text += (text.empty() ? "" : " ") + word;
  return text;
}

// For a single-quoted word of sh and fish alike; descriptions are ours and hold no backslash.
std::string quoted(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') continue;
    out += c;
  }
  return "'" + out + "'";
}

std::string names_of(const std::vector<CommandShape>& commands) {
  std::vector<std::string> names;
  for (const CommandShape& command : commands)
    names.push_back(command.name);
  return joined(names);
}

std::string option_names(const CommandShape& command) {
  std::vector<std::string> names;
  for (const auto& option : command.options)
    names.push_back(option.name);
  return joined(names);
}

std::string bash(const std::vector<CommandShape>& commands) {
  std::string cases;
  for (const CommandShape& command : commands) {
    std::string values;
    for (const auto& option : command.options) {
      if (!option.takes_value) continue;
      values += option.values.empty()
                    ? fmt::format("        {}) COMPREPLY=($(compgen -f -- \"$current\")); return ;;\n", option.name)
                    : fmt::format("        {}) COMPREPLY=($(compgen -W '{}' -- \"$current\")); return ;;\n",
                                  option.name, joined(option.values));
    }
    const std::string words = command.words.empty() ? "" : joined(command.words) + " ";
    cases += fmt::format(
        "    {})\n      case \"$previous\" in\n{}        *) ;;\n      esac\n"
        "      COMPREPLY=($(compgen -W '{}{}' -- \"$current\")) ;;\n",
        command.name, values, words, option_names(command));
  }
  return fmt::format(
      "# bash completion of sallyport: source <(sallyport completion bash)\n"
      "_sallyport() {{\n"
      "  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}}\n"
      "  if [ \"$COMP_CWORD\" -eq 1 ]; then COMPREPLY=($(compgen -W '{}' -- \"$current\")); return; fi\n"
      "  case \"${{COMP_WORDS[1]}}\" in\n{}  esac\n"
      "}}\n"
      "complete -o filenames -F _sallyport sallyport\n",
      names_of(commands), cases);
}

std::string zsh(const std::vector<CommandShape>& commands) {
  std::string described;
  std::string cases;
  for (const CommandShape& command : commands) {
    described += fmt::format("    {}\n", quoted(command.name + ":" + command.description));
    std::string arguments;
    for (const auto& option : command.options) {
      std::string spec = option.name + "[" + option.description + "]";
      if (option.takes_value)
        spec += option.values.empty() ? ":value:_files" : ":value:(" + joined(option.values) + ")";
      arguments += " " + quoted(spec);
    }
    if (!command.words.empty()) arguments += " " + quoted("1:word:(" + joined(command.words) + ")");
    if (arguments.empty()) continue;
    cases += fmt::format("    {}) _arguments{} ;;\n", command.name, arguments);
  }
  return fmt::format(
      "#compdef sallyport\n"
      "_sallyport() {{\n"
      "  local -a commands=(\n{}  )\n"
      "  if (( CURRENT == 2 )); then _describe command commands; return; fi\n"
      "  local command=$words[2]\n"
      "  shift words; (( CURRENT-- ))\n"
      "  case $command in\n{}  esac\n"
      "}}\n"
      "if [ \"$funcstack[1]\" = _sallyport ]; then _sallyport \"$@\"; else compdef _sallyport sallyport; fi\n",
      described, cases);
}

std::string fish(const std::vector<CommandShape>& commands) {
  std::string text = "# fish completion of sallyport: sallyport completion fish | source\n";
  for (const CommandShape& command : commands) {
    text += fmt::format("complete -c sallyport -n __fish_use_subcommand -f -a {} -d {}\n", command.name,
                        quoted(command.description));
    const std::string within = quoted("__fish_seen_subcommand_from " + command.name);
    if (!command.words.empty()) {
      text += fmt::format("complete -c sallyport -n {} -f -a {}\n", within, quoted(joined(command.words)));
    }
    for (const auto& option : command.options) {
      text += fmt::format("complete -c sallyport -n {} -l {}", within, option.name.substr(2));
      if (option.takes_value) text += option.values.empty() ? " -r" : " -x -a " + quoted(joined(option.values));
      text += " -d " + quoted(option.description) + "\n";
    }
  }
  return text;
}

}  // namespace

std::string completion_script(const std::string& shell, const std::vector<CommandShape>& commands) {
  if (shell == "bash") return bash(commands);
  if (shell == "zsh") return zsh(commands);
  if (shell == "fish") return fish(commands);
  return {};
}

}  // namespace sallyport::app
