#include "iam/names.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sallyport::iam {

namespace {

constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
constexpr std::size_t kUniqueCharacters = 17;
constexpr std::size_t kLongestPath = 512;

std::string iam_arn(const model::AccountId& account, std::string_view kind, std::string_view path,
                    std::string_view name) {
  return "arn:aws:iam::" + account.str() + ":" + std::string(kind) + std::string(path) + std::string(name);
}

}  // namespace

model::Arn arn_of(const model::AccountId& account, const model::IamUser& user) {
  return model::Arn(iam_arn(account, "user", user.path, user.name));
}

model::Arn arn_of(const model::AccountId& account, const model::IamRole& role) {
  return model::Arn(iam_arn(account, "role", role.path, role.name));
}

model::Arn arn_of(const model::AccountId& account, const model::IamPolicy& policy) {
  return model::Arn(iam_arn(account, "policy", policy.path, policy.name));
}

model::Arn session_arn(const model::AccountId& account, const model::IamRole& role, std::string_view session) {
  return model::Arn("arn:aws:sts::" + account.str() + ":assumed-role/" + role.name + "/" + std::string(session));
}

std::string new_unique_id(std::string_view prefix, base::Entropy& entropy) {
  std::array<std::uint8_t, kUniqueCharacters> random{};
  entropy.fill(random);
  std::string made(prefix);
  for (const std::uint8_t byte : random)
    made.push_back(kAlphabet[byte % kAlphabet.size()]);
  return made;
}

bool is_name(std::string_view text, std::size_t longest) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("+=,.@_-").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= longest && std::ranges::all_of(text, allowed);
}

bool is_path(std::string_view text) {
  const auto printable = [](char c) { return c > ' ' && c <= '~'; };
  return text.size() <= kLongestPath && text.starts_with('/') && text.ends_with('/') &&
         std::ranges::all_of(text, printable);
}

}  // namespace sallyport::iam
