#include "model/update.h"

#include <array>
#include <utility>

namespace sallyport::model {

namespace {

constexpr std::array<std::pair<UpdateStatus, std::string_view>, 4> kStatuses = {{
    {UpdateStatus::kInProgress, "InProgress"},
    {UpdateStatus::kSuccessful, "Successful"},
    {UpdateStatus::kFailed, "Failed"},
    {UpdateStatus::kCancelled, "Cancelled"},
}};

constexpr std::array<std::pair<UpdateStep, std::string_view>, 4> kSteps = {{
    {UpdateStep::kStored, "stored"},
    {UpdateStep::kPublished, "published"},
    {UpdateStep::kRollingBack, "rolling-back"},
    {UpdateStep::kDone, "done"},
}};

struct TypeName {
  std::string_view operator()(const AccessChange&) const { return "EndpointAccessUpdate"; }
  std::string_view operator()(const VpcConfigChange&) const { return "VpcConfigUpdate"; }
  std::string_view operator()(const LoggingChange&) const { return "LoggingUpdate"; }
  std::string_view operator()(const DeletionProtectionChange&) const { return "DeletionProtectionUpdate"; }
  std::string_view operator()(const AuthenticationModeChange&) const { return "AccessConfigUpdate"; }
};

}  // namespace

std::string_view type_of(const Change& change) { return std::visit(TypeName{}, change); }

std::string_view to_string(UpdateStatus status) {
  for (const auto& [value, name] : kStatuses) {
    if (value == status) return name;
  }
  return {};
}

std::optional<UpdateStatus> parse_update_status(std::string_view text) {
  for (const auto& [value, name] : kStatuses) {
    if (name == text) return value;
  }
  return std::nullopt;
}

std::string_view to_string(UpdateStep step) {
  for (const auto& [value, name] : kSteps) {
    if (value == step) return name;
  }
  return {};
}

std::optional<UpdateStep> parse_update_step(std::string_view text) {
  for (const auto& [value, name] : kSteps) {
    if (name == text) return value;
  }
  return std::nullopt;
}

}  // namespace sallyport::model
