#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace sallyport::dns {

class AnswerForms;

// Which forms a cluster's name has at a listener, as far as it was asked for lately: a bounded table in which a new
// name may take an old one's place. Two entries share a line of the processor's cache, and a look-up touches one line.
// Belongs to one thread.
class NameTable {
 public:
  // An endpoint's id, 32 hexadecimal digits.
  struct Id {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    friend bool operator==(const Id&, const Id&) = default;
  };
  // Lower-case digits; nothing for anything else.
  static std::optional<Id> parse(std::span<const std::uint8_t, 32> digits);

  // Forgets everything, in constant time unless the room for so many names must grow; that may throw std::bad_alloc.
  void restart(std::size_t names);

  // Null: not remembered.
  const AnswerForms* find(const Id& id, std::size_t listener) const;
  // The forms must live until `restart`.
  void put(const Id& id, std::size_t listener, const AnswerForms& forms);

  std::size_t capacity() const { return lines_.size() * kEntries; }

 private:
  static constexpr std::size_t kEntries = 2;
  struct Entry {
    Id id;
    const AnswerForms* forms = nullptr;
    std::uint32_t era = 0;  // of another era: forgotten
    std::uint32_t listener = 0;
  };
  struct alignas(64) Line {
    Entry entries[kEntries];
  };

  std::size_t line_of(const Id& id, std::size_t listener) const;

  std::vector<Line> lines_;
  std::uint32_t era_ = 0;
};

}  // namespace sallyport::dns
