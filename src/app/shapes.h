#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

// The shapes of names in a configuration, and the words for what is wrong with them. Pure.
namespace sallyport::app {

bool is_account_id(std::string_view text);  // twelve digits
bool is_region(std::string_view text);      // "us-east-1"
// A prefix such as "vpc-" and 8 or 17 lower-case hexadecimal digits.
bool is_resource_id(std::string_view text, std::string_view prefix);
// RFC 1123 section 2.1 host name of at least one label, any case, no trailing dot.
bool is_dns_name(std::string_view text);

// Why `text` is not "address:port" with a port other than 0, and what to write; nothing when it is one.
std::optional<std::string> why_not_address(std::string_view text);

// The candidate at most a third of its letters away from `text`; nothing when none is.
std::optional<std::string> closest(std::string_view text, std::span<const std::string> candidates);

}  // namespace sallyport::app
