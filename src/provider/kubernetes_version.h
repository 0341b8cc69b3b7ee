#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace sallyport::provider {

// A minor release, such as 1.34.
struct KubernetesVersion {
  unsigned major = 0;
  unsigned minor = 0;

  // "1.34" only.
  static std::optional<KubernetesVersion> parse(std::string_view text);
  // From what `kube-apiserver --version` prints: "Kubernetes v1.34.4", with any suffix.
  static std::optional<KubernetesVersion> of_binary(std::string_view output);
  std::string to_string() const;

  friend auto operator<=>(const KubernetesVersion&, const KubernetesVersion&) = default;
  friend bool operator==(const KubernetesVersion&, const KubernetesVersion&) = default;
};

}  // namespace sallyport::provider
