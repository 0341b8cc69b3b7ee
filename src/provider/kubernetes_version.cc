#include "provider/kubernetes_version.h"

#include <charconv>
#include <system_error>

namespace sallyport::provider {

namespace {

// The number that `text` starts with, taken off it; one to three digits.
std::optional<unsigned> take_number(std::string_view& text) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto digits = static_cast<std::size_t>(end - text.data());
  if (error != std::errc() || digits > 3) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

std::optional<KubernetesVersion> take_version(std::string_view& text) {
  const auto major = take_number(text);
  if (!major || !text.starts_with('.')) return std::nullopt;
  text.remove_prefix(1);
  const auto minor = take_number(text);
  if (!minor) return std::nullopt;
  return KubernetesVersion{*major, *minor};
}

}  // namespace

std::optional<KubernetesVersion> KubernetesVersion::parse(std::string_view text) {
  const auto version = take_version(text);
  return text.empty() ? version : std::nullopt;
}

std::optional<KubernetesVersion> KubernetesVersion::of_binary(std::string_view output) {
  constexpr std::string_view kStart = "Kubernetes v";
  if (!output.starts_with(kStart)) return std::nullopt;
  output.remove_prefix(kStart.size());
  const auto version = take_version(output);
  return output.starts_with('.') ? version : std::nullopt;
}

std::string KubernetesVersion::to_string() const { return std::to_string(major) + "." + std::to_string(minor); }

}  // namespace sallyport::provider
