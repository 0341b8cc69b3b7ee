#pragma once

#include <toml++/toml.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "app/config.h"
#include "base/ip_address.h"

namespace sallyport::app {

// A value and the line it stands on.
template <class T>
struct Located {
  T value;
  std::size_t line = 0;
};

// A list item that may be a string or a table: one of the two is set.
struct Entry {
  std::optional<std::string> text;
  const toml::table* table = nullptr;
  std::size_t line = 0;
};

// A value as errors show it: in quotes, and cut where it is long.
std::string quoted(std::string_view text);

tl::expected<toml::table, std::vector<ConfigError>> parse_toml(std::string_view text);

// Typed access to one TOML table. A wrong type is recorded as an error and reads as absent; `finish` records
// every key nobody asked for. The table and the error list must outlive the reader.
class TableReader {
 public:
  // `name` as errors show it: "[gateway]".
  TableReader(const toml::table& table, std::string name, std::vector<ConfigError>& errors);

  std::optional<Located<std::string>> text(std::string_view key);
  std::optional<Located<bool>> flag(std::string_view key);
  std::optional<Located<std::int64_t>> number(std::string_view key, std::int64_t least, std::int64_t most);
  std::optional<Located<base::SocketAddress>> address(std::string_view key);

  // Lists; nothing when the key is absent or its value is no list. Items of a wrong type are left out.
  std::optional<std::vector<Located<std::string>>> texts(std::string_view key);
  std::optional<std::vector<Located<base::SocketAddress>>> addresses(std::string_view key);
  std::optional<std::vector<Located<std::int64_t>>> numbers(std::string_view key, std::int64_t least,
                                                            std::int64_t most);
  std::vector<Entry> entries(std::string_view key);

  // A section ([key]) or a list of sections ([[key]]).
  const toml::table* section(std::string_view key);
  std::vector<const toml::table*> sections(std::string_view key);

  void error(std::size_t line, std::string_view key, std::string value, std::string message);
  // Parses "address:port", recording why it is none.
  std::optional<base::SocketAddress> parse_address(std::string_view key, const Located<std::string>& text);
  void finish();

  bool has(std::string_view key) const { return table_.contains(key); }
  const std::string& name() const { return name_; }
  std::size_t line() const { return table_.source().begin.line; }

 private:
  const toml::node* take(std::string_view key);
  void wrong_type(const toml::node& node, std::string_view key, std::string_view wanted);

  const toml::table& table_;
  std::string name_;
  std::vector<ConfigError>& errors_;
  std::vector<std::string> known_;
};

}  // namespace sallyport::app
