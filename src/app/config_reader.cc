#include "app/config_reader.h"

#include <algorithm>
#include <sstream>
#include <utility>

#include "app/shapes.h"

namespace sallyport::app {

namespace {

constexpr std::size_t kShownValue = 80;

std::size_t line_of(const toml::node& node) { return node.source().begin.line; }

std::string cut(std::string text) {
  if (text.size() > kShownValue) text.replace(kShownValue, std::string::npos, "…");
  return text;
}

std::string shown(const toml::node& node) {
  std::ostringstream out;
  node.visit([&](const auto& concrete) { out << concrete; });
  std::string text = std::move(out).str();
  std::ranges::replace(text, '\n', ' ');
  return cut(std::move(text));
}

}  // namespace

std::string quoted(std::string_view text) { return "\"" + cut(std::string(text)) + "\""; }

tl::expected<toml::table, std::vector<ConfigError>> parse_toml(std::string_view text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    return tl::unexpected(std::vector<ConfigError>{
        {error.source().begin.line, {}, {}, "is not TOML: " + std::string(error.description())}});
  }
}

TableReader::TableReader(const toml::table& table, std::string name, std::vector<ConfigError>& errors)
    : table_(table), name_(std::move(name)), errors_(errors) {}

const toml::node* TableReader::take(std::string_view key) {
  known_.emplace_back(key);
  return table_.get(key);
}

void TableReader::error(std::size_t line, std::string_view key, std::string value, std::string message) {
  std::string path = name_;
  if (!path.empty() && !key.empty()) path += ' ';
  path += key;
  errors_.push_back({line, std::move(path), std::move(value), std::move(message)});
}

void TableReader::wrong_type(const toml::node& node, std::string_view key, std::string_view wanted) {
  error(line_of(node), key, shown(node), "must be " + std::string(wanted));
}

std::optional<Located<std::string>> TableReader::text(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* value = node->as_string()) return Located<std::string>{value->get(), line_of(*node)};
  wrong_type(*node, key, "a string in quotes");
  return std::nullopt;
}

std::optional<Located<bool>> TableReader::flag(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return std::nullopt;
  if (const auto* value = node->as_boolean()) return Located<bool>{value->get(), line_of(*node)};
  wrong_type(*node, key, "true or false, without quotes");
  return std::nullopt;
}

std::optional<Located<std::int64_t>> TableReader::number(std::string_view key, std::int64_t least, std::int64_t most) {
  const toml::node* node = take(key);
  if (node == nullptr) return std::nullopt;
  const auto* value = node->as_integer();
  if (value != nullptr && least <= value->get() && value->get() <= most) {
    return Located<std::int64_t>{value->get(), line_of(*node)};
  }
  wrong_type(*node, key, "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
  return std::nullopt;
}

std::optional<base::SocketAddress> TableReader::parse_address(std::string_view key, const Located<std::string>& text) {
  if (auto problem = why_not_address(text.value)) {
    error(text.line, key, quoted(text.value), std::move(*problem));
    return std::nullopt;
  }
  return base::SocketAddress::parse(text.value);
}

std::optional<Located<base::SocketAddress>> TableReader::address(std::string_view key) {
  const auto written = text(key);
  if (!written) return std::nullopt;
  const auto parsed = parse_address(key, *written);
  if (!parsed) return std::nullopt;
  return Located<base::SocketAddress>{*parsed, written->line};
}

std::optional<std::vector<Located<std::string>>> TableReader::texts(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return std::nullopt;
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    wrong_type(*node, key, "a list of strings: put it in [ and ]");
    return std::nullopt;
  }
  std::vector<Located<std::string>> items;
  for (const toml::node& item : *list) {
    if (const auto* value = item.as_string()) {
      items.push_back({value->get(), line_of(item)});
    } else {
      wrong_type(item, key, "a list of strings in quotes");
    }
  }
  return items;
}

std::optional<std::vector<Located<base::SocketAddress>>> TableReader::addresses(std::string_view key) {
  const auto items = texts(key);
  if (!items) return std::nullopt;
  std::vector<Located<base::SocketAddress>> parsed;
  for (const auto& item : *items) {
    if (const auto value = parse_address(key, item)) parsed.push_back({*value, item.line});
  }
  return parsed;
}

std::optional<std::vector<Located<std::int64_t>>> TableReader::numbers(std::string_view key, std::int64_t least,
                                                                       std::int64_t most) {
  const toml::node* node = take(key);
  if (node == nullptr) return std::nullopt;
  const toml::array* list = node->as_array();
  const std::string wanted =
      "a list of whole numbers from " + std::to_string(least) + " to " + std::to_string(most) + ": [first, second]";
  if (list == nullptr) {
    wrong_type(*node, key, wanted);
    return std::nullopt;
  }
  std::vector<Located<std::int64_t>> items;
  for (const toml::node& item : *list) {
    const auto* value = item.as_integer();
    if (value == nullptr || value->get() < least || value->get() > most) {
      wrong_type(item, key, wanted);
      return std::nullopt;
    }
    items.push_back({value->get(), line_of(item)});
  }
  return items;
}

std::vector<Entry> TableReader::entries(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return {};
  const toml::array* list = node->as_array();
  if (list == nullptr) {
    wrong_type(*node, key, "a list of addresses: put it in [ and ]");
    return {};
  }
  std::vector<Entry> items;
  for (const toml::node& item : *list) {
    if (const auto* value = item.as_string()) {
      items.push_back({value->get(), nullptr, line_of(item)});
    } else if (const toml::table* table = item.as_table()) {
      items.push_back({std::nullopt, table, line_of(item)});
    } else {
      wrong_type(item, key, "a list of \"address:port\" or { bind = \"address:port\", … }");
    }
  }
  return items;
}

const toml::table* TableReader::section(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return nullptr;
  if (const toml::table* table = node->as_table()) return table;
  wrong_type(*node, key, "a section: write [" + std::string(key) + "] on a line of its own");
  return nullptr;
}

std::vector<const toml::table*> TableReader::sections(std::string_view key) {
  const toml::node* node = take(key);
  if (node == nullptr) return {};
  const toml::array* list = node->as_array();
  std::vector<const toml::table*> tables;
  if (list != nullptr) {
    for (const toml::node& item : *list) {
      if (const toml::table* table = item.as_table()) tables.push_back(table);
    }
    if (tables.size() == list->size()) return tables;
  }
  error(line_of(*node), key, {}, "must be a list of sections: write [[" + std::string(key) + "]] above each");
  return tables;
}

void TableReader::finish() {
  for (const auto& [key, node] : table_) {
    const std::string name(key.str());
    if (std::ranges::find(known_, name) != known_.end()) continue;
    const bool section = name_.empty();
    std::string message = section ? "is not a section of this file" : "is not a key of " + name_;
    if (const auto near = closest(name, known_)) {
      message += "; did you mean " + (section ? "[" + *near + "]" : *near) + "?";
    } else {
      message += "; it knows";
      for (std::size_t i = 0; i < known_.size(); ++i)
        message += (i == 0 ? " " : ", ") + known_[i];
    }
    error(key.source().begin.line, name, {}, std::move(message));
  }
}

}  // namespace sallyport::app
