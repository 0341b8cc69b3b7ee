#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sallyport::base {

// Lower-case hexadecimal.
std::string to_hex(std::span<const std::uint8_t> bytes);

// RFC 4648 section 4, padded.
std::string to_base64(std::span<const std::uint8_t> bytes);
// Strict inverse of to_base64: missing or superfluous padding, white space, other characters and non-zero
// trailing bits give nullopt.
std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text);
// RFC 4648 section 5, unpadded.
std::string to_base64url(std::span<const std::uint8_t> bytes);
// Strict inverse of to_base64url: padding, white space, other characters and non-zero trailing bits
// give nullopt.
std::optional<std::vector<std::uint8_t>> from_base64url(std::string_view text);

std::span<const std::uint8_t> as_bytes(std::string_view text);
std::string_view as_text(std::span<const std::uint8_t> bytes);

// Equal in content, in time that depends on the lengths alone.
bool constant_time_equal(std::span<const std::uint8_t> a, std::span<const std::uint8_t> b);
bool constant_time_equal(std::string_view a, std::string_view b);

// ASCII only; other bytes pass unchanged.
std::string ascii_lower(std::string_view text);
void ascii_lower_in_place(std::string& text);
std::string ascii_upper(std::string_view text);
bool ascii_iequals(std::string_view a, std::string_view b);

}  // namespace sallyport::base
