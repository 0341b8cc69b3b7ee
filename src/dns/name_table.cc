#include "dns/name_table.h"

#include <algorithm>
#include <array>
#include <bit>
#include <utility>

#include "base/limits.h"

namespace sallyport::dns {

namespace {

constexpr std::uint8_t kNoDigit = 0xff;

constexpr std::array<std::uint8_t, 256> kDigits = [] {
  std::array<std::uint8_t, 256> digits{};
  digits.fill(kNoDigit);
  for (std::uint8_t i = 0; i < 10; ++i)
    digits[static_cast<std::size_t>('0') + i] = i;
  for (std::uint8_t i = 0; i < 6; ++i)
    digits[static_cast<std::size_t>('a') + i] = static_cast<std::uint8_t>(10 + i);
  return digits;
}();

// Sixteen digits; `wrong` collects what is none.
std::uint64_t parse_half(std::span<const std::uint8_t, 16> digits, std::uint8_t& wrong) {
  std::uint64_t value = 0;
  for (const std::uint8_t digit : digits) {
    const std::uint8_t four_bits = kDigits[digit];
    wrong |= four_bits;
    value = value << 4 | four_bits;
  }
  return value;
}

}  // namespace

std::optional<NameTable::Id> NameTable::parse(std::span<const std::uint8_t, 32> digits) {
  std::uint8_t wrong = 0;
  const Id id{parse_half(digits.first<16>(), wrong), parse_half(digits.last<16>(), wrong)};
  if (wrong > 0xf) return std::nullopt;
  return id;
}

void NameTable::restart(std::size_t names) {
  // Twice the room: few names then share a line with two others.
  const std::size_t room = std::bit_ceil(std::clamp(2 * names, kEntries, base::limits::kDnsRememberedNames));
  if (lines_.size() * kEntries < room) {
    lines_ = std::vector<Line>(room / kEntries);
    era_ = 0;
  }
  if (++era_ != 0) return;
  std::ranges::fill(lines_, Line{});
  era_ = 1;
}

std::size_t NameTable::line_of(const Id& id, std::size_t listener) const {
  const std::uint64_t mixed = (id.high ^ std::rotl(id.low, 32) ^ listener) * 0x9e3779b97f4a7c15U;
  return mixed >> 32 & (lines_.size() - 1);
}

const AnswerForms* NameTable::find(const Id& id, std::size_t listener) const {
  if (lines_.empty()) return nullptr;
  for (const Entry& entry : lines_[line_of(id, listener)].entries) {
    if (entry.id == id && entry.listener == listener && entry.era == era_) return entry.forms;
  }
  return nullptr;
}

void NameTable::put(const Id& id, std::size_t listener, const AnswerForms& forms) {
  if (lines_.empty()) return;
  auto& entries = lines_[line_of(id, listener)].entries;
  // The newest stands first.
  if (entries[0].era == era_) std::swap(entries[0], entries[1]);
  entries[0] = {id, &forms, era_, static_cast<std::uint32_t>(listener)};
}

}  // namespace sallyport::dns
